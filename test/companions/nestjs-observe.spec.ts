import { afterEach, beforeEach, expect, it } from '@jest/globals';
import { EmbeddedAgent } from '../../lib/testing/index.js';
import { eventually } from '../support/eventually.js';
import { postedPaths } from '../support/posted-paths.js';
import { Collector } from './support/collector.js';
import { CompanionApp } from './support/companion-app.js';

let agent: EmbeddedAgent;
let collector: Collector;

beforeEach(async () => {
  agent = new EmbeddedAgent();
  await agent.start();
  collector = await new Collector().start();
});

afterEach(async () => {
  await CompanionApp.killAll();
  await collector.stop();
  await agent.stop();
});

it('with @nestjs/observe the service registers, changes and leaves, and no request to the agent is part of a trace', async () => {
  const settings = { agent: agent.url, collector: collector.url };
  const app = await CompanionApp.start('with-observe.mjs', { settings });
  await agent.waitFor(() => agent.services().some(({ state }) => state === 'Serving'));
  await expect(app.greet('nest')).resolves.toBe('hello nest');
  await agent.restart();
  await agent.waitFor(() => agent.services().some(({ state }) => state === 'Serving'));
  await eventually(() => collector.paths.includes('/applications/telemetry'));
  expect(await app.close()).toBe(0);
  expect(postedPaths(agent.requests())).toEqual([
    '/register',
    '/register',
    '/register',
    '/drain',
    '/deregister',
  ]);
  const traces = agent.requests().flatMap(({ headers }) => headers['x-request-id'] ?? []);
  expect(traces).toEqual([]);
  expect(app.lines.filter((line) => /error|instanceDecorator/i.test(line))).toEqual([]);
});
