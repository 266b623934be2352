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

it('nestjs-pino as the logger gets every line of the module, with its context and level', async () => {
  const app = await CompanionApp.start('with-pino.mjs', { settings: { agent: agent.url } });
  await agent.waitFor(() => agent.services().some(({ state }) => state === 'Serving'));
  await expect(app.greet('nest')).resolves.toBe('hello nest');
  expect(await app.close()).toBe(0);

  const printed = app.lines.filter((line) => !/^(LISTENING \d+|CLOSED)$/.test(line));
  const lines = printed.map((line) => JSON.parse(line) as { context: string; level: number; msg: string });
  const ours = lines.filter(({ context }) => context === 'SidecarAgent');
  const messages = (level: number) => ours.filter((line) => line.level === level).map(({ msg }) => msg);
  expect(messages(30)).toEqual([
    `Connected to the sidecar-agent at ${agent.url}`,
    expect.stringMatching(/^Registered greeter on port \d+ /),
    expect.stringMatching(/^Leaving the mesh: greeter on port \d+$/),
    'Drained greeter: routers stop sending new calls',
    'Deregistered greeter',
    expect.stringMatching(/^Left the mesh: greeter /),
  ]);
  // Each rpc without a handler, and the missing shutdown hooks.
  expect(messages(40)).toHaveLength(4);
  expect(ours.map(({ level }) => level).sort()).toEqual([30, 30, 30, 30, 30, 30, 40, 40, 40, 40]);
});
