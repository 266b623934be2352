import { afterEach, beforeEach, expect, it } from '@jest/globals';
import { Companions } from './support/companions.js';

const companions = new Companions();

beforeEach(companions.begin);
afterEach(companions.end);

it('nestjs-pino as the logger gets every line of the module, with its context and level', async () => {
  const app = await companions.start('with-pino.mjs');
  await expect(app.greet('nest')).resolves.toBe('hello nest');
  expect(await app.close()).toBe(0);

  const printed = app.lines.filter((line) => !/^(LISTENING \d+|CLOSED)$/.test(line));
  const lines = printed.map((line) => JSON.parse(line) as { context: string; level: number; msg: string });
  const ours = lines.filter(({ context }) => context === 'SidecarAgent');
  const messages = (level: number) => ours.filter((line) => line.level === level).map(({ msg }) => msg);
  expect(messages(30)).toEqual([
    `Connected to the sidecar-agent at ${companions.agent.url}`,
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
