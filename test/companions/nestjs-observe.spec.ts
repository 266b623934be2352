import { afterEach, beforeEach, expect, it } from '@jest/globals';
import { eventually } from '../support/eventually.js';
import { postedPaths } from '../support/posted-paths.js';
import { Collector } from './support/collector.js';
import { Companions } from './support/companions.js';

const companions = new Companions();
let collector: Collector;

beforeEach(async () => {
  await companions.begin();
  collector = await new Collector().start();
});

afterEach(async () => {
  await companions.end();
  await collector.stop();
});

it('with @nestjs/observe the service registers, changes and leaves, and no request to the agent is part of a trace', async () => {
  const app = await companions.start('with-observe.mjs', { settings: { collector: collector.url } });
  await expect(app.greet('nest')).resolves.toBe('hello nest');
  await companions.agent.restart();
  await companions.serving();
  await eventually(() => collector.paths.includes('/applications/telemetry'));
  expect(await app.close()).toBe(0);
  expect(postedPaths(companions.agent.requests())).toEqual([
    '/register',
    '/register',
    '/register',
    '/drain',
    '/deregister',
  ]);
  const traces = companions.agent.requests().flatMap(({ headers }) => headers['x-request-id'] ?? []);
  expect(traces).toEqual([]);
  expect(app.lines.filter((line) => /error|instanceDecorator/i.test(line))).toEqual([]);
});
