import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { setTimeout as delay } from 'node:timers/promises';
import { EmbeddedAgent } from '../../lib/testing/index.js';
import { freePort } from '../support/free-port.js';
import { GreeterClient } from '../support/greeter.js';
import { postedPaths } from '../support/posted-paths.js';
import { ChildApp } from '../managed-run/support/child-app.js';

const GOODBYE = ['/register', '/drain', '/deregister'];

type Mode = 'managed' | 'managed, exit' | 'plain';

describe('two applications in one process', () => {
  const agents = { first: new EmbeddedAgent(), second: new EmbeddedAgent() };
  let child: ChildApp;
  let second: GreeterClient;

  beforeEach(async () => {
    agents.first = new EmbeddedAgent();
    agents.second = new EmbeddedAgent();
    await Promise.all([agents.first.start(), agents.second.start()]);
  });

  afterEach(async () => {
    second.close();
    await child.kill();
    await Promise.all([agents.first.stop(), agents.second.stop()]);
  });

  const posts = (name: keyof typeof agents) => postedPaths(agents[name].requests());
  const posted = (name: keyof typeof agents, path: string) =>
    agents[name].waitFor(() => posts(name).includes(path));

  async function start(first: Mode, other: Mode, useProcessExit = true): Promise<void> {
    const ports = { first: await freePort(), second: await freePort() };
    child = new ChildApp('two-apps-main.mjs', {
      first: { port: ports.first, baseUrl: agents.first.url, mode: first, useProcessExit },
      second: { port: ports.second, baseUrl: agents.second.url, mode: other, useProcessExit },
    });
    second = new GreeterClient(ports.second);
    const isServing = (agent: EmbeddedAgent) => agent.services().some(({ state }) => state === 'Serving');
    for (const agent of Object.values(agents)) {
      await agent.waitFor(() => isServing(agent), { timeout: 15_000 });
    }
  }

  /** Stops both; the second one is in the middle of its drain when the first has ended. */
  async function endFirst(): Promise<void> {
    agents.second.hang('/drain');
    child.signal('SIGTERM');
    await posted('second', '/drain');
    await child.printed('SHUT DOWN first');
    // Longer than the echo of a signal, which a run ignores.
    await delay(1_100);
  }

  it.each<[Mode, Mode, boolean, number | string]>([
    ['managed, exit', 'managed, exit', true, 0],
    ['managed, exit', 'managed', true, 0],
    ['managed', 'managed', true, 0],
    ['plain', 'managed', true, 0],
    ['plain', 'managed', false, 'SIGTERM'],
    ['managed, exit', 'plain', true, 0],
    ['plain', 'plain', true, 0],
    ['plain', 'plain', false, 'SIGTERM'],
  ])(
    'the end of a %s one does not end the drain of a %s one (%p)',
    async (one, other, useProcessExit, end) => {
      await start(one, other, useProcessExit);
      await endFirst();
      await expect(second.greet('still here')).resolves.toBe('hello still here');
      agents.second.resume('/drain');
      expect(await child.exited).toBe(end);
      // The option exit of a run waits for the other application itself.
      if (one !== 'plain') expect(child.output).not.toContain('Held until');
      expect([posts('first'), posts('second')]).toEqual([GOODBYE, GOODBYE]);
    },
  );

  it("Nest's own process.exit at the end of the first one is not a second call", async () => {
    await start('plain', 'managed');
    agents.first.hang('/drain');
    agents.second.hang('/drain');
    child.signal('SIGTERM');
    await Promise.all([posted('first', '/drain'), posted('second', '/drain')]);
    child.order('exit 3');
    await child.printed('EXIT RETURNED');
    agents.first.resume('/drain');
    await child.printed('SHUT DOWN first');
    await delay(300);
    await expect(second.greet('still here')).resolves.toBe('hello still here');
    agents.second.resume('/drain');
    expect(await child.exited).toBe(3);
    expect([posts('first'), posts('second')]).toEqual([GOODBYE, GOODBYE]);
  });

  it('the option exit of a run leaves a run alone that goes on', async () => {
    await start('managed, exit', 'managed');
    child.order('abort first');
    await child.printed('SHUT DOWN first');
    await delay(300);
    await expect(second.greet('still here')).resolves.toBe('hello still here');
    expect(posts('second')).toEqual(['/register']);
    child.signal('SIGTERM');
    expect(await child.exited).toBe(0);
    expect([posts('first'), posts('second')]).toEqual([GOODBYE, GOODBYE]);
  });

  it('a crash deregisters both', async () => {
    await start('managed', 'managed');
    child.order('throw');
    expect(await child.exited).toBe(1);
    const atOnce = ['/register', '/deregister'];
    expect([posts('first'), posts('second')]).toEqual([atOnce, atOnce]);
    expect(child.output.split('Uncaught exception: boom')).toHaveLength(2);
  });
});
