import { afterEach, beforeEach, expect, it } from '@jest/globals';
import { EmbeddedAgent } from '../../lib/testing/index.js';
import { CompanionApp } from './support/companion-app.js';

let agent: EmbeddedAgent;

beforeEach(async () => {
  agent = new EmbeddedAgent();
  await agent.start();
});

afterEach(async () => {
  await CompanionApp.killAll();
  await agent.stop();
});

it('a request that changes the registration has its store of nestjs-cls; the requests to the agent have none', async () => {
  const app = await CompanionApp.start('with-cls.mjs', { settings: { agent: agent.url } });
  await agent.waitFor(() => agent.services().some(({ state }) => state === 'Serving'));
  const text = await (await fetch(`http://127.0.0.1:${app.httpPort}/greet/web`)).text();
  expect(text).toBe('hello web of http, the agent: no store');
  await expect(app.greet('nest')).resolves.toBe('hello nest of grpc, the agent: no store');
  // The register that the call causes is repeated.
  agent.failNext('/register', { status: 500, times: 2 });
  await expect(app.greet('nest')).resolves.toBe('hello nest of grpc, the agent: no store');
  expect(await app.close()).toBe(0);
  expect(agent.requests().at(-1)?.path).toBe('/deregister');
});
