import { afterEach, beforeEach, expect, it } from '@jest/globals';
import { Companions } from './support/companions.js';

const companions = new Companions();

beforeEach(companions.begin);
afterEach(companions.end);

it('a request that changes the registration has its store of nestjs-cls; the requests to the agent have none', async () => {
  const app = await companions.start('with-cls.mjs');
  const text = await (await fetch(`http://127.0.0.1:${app.httpPort}/greet/web`)).text();
  expect(text).toBe('hello web of http, the agent: no store');
  await expect(app.greet('nest')).resolves.toBe('hello nest of grpc, the agent: no store');
  // The register that the call causes is repeated.
  companions.agent.failNext('/register', { status: 500, times: 2 });
  await expect(app.greet('nest')).resolves.toBe('hello nest of grpc, the agent: no store');
  expect(await app.close()).toBe(0);
  expect(companions.agent.requests().at(-1)?.path).toBe('/deregister');
});
