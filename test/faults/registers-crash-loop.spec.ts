import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { SidecarAgent } from '../../lib/index.js';
import { EmbeddedAgent } from '../../lib/testing/index.js';
import { freePort } from '../support/free-port.js';
import { APP_SHAPES, createGreeterApp } from '../support/greeter-app.js';
import { GreeterProcess } from '../support/greeter-process.js';

describe('a process that crashes in the bootstrap hook of another module, again and again', () => {
  let agent: EmbeddedAgent;
  const processes: GreeterProcess[] = [];
  const opened: { close(): Promise<void> }[] = [];

  beforeEach(async () => {
    agent = new EmbeddedAgent();
    await agent.start();
  });

  afterEach(async () => {
    for (const greeter of processes.splice(0)) await greeter.kill();
    for (const app of opened.splice(0)) await app.close();
    await agent.stop();
  });

  const crash = (
    shape: (typeof APP_SHAPES)[number],
    port: number,
    when: 'at once' | 'later',
  ): GreeterProcess => {
    const greeter = new GreeterProcess({ port, shape, sidecar: { baseUrl: agent.url }, crash: when });
    processes.push(greeter);
    return greeter;
  };

  /** Another service registers meanwhile, in as many steps as the first would need. */
  async function another(): Promise<number> {
    const lucky = await createGreeterApp('microservice', { baseUrl: agent.url });
    opened.push(lucky.app);
    await lucky.listen();
    await lucky.app.get(SidecarAgent).registered();
    return lucky.port;
  }

  describe.each(APP_SHAPES)('as a %s', (shape) => {
    it.each(['at once', 'later'] as const)('leaves no ghost: the hook fails %s', async (when) => {
      const port = await freePort();
      const others: number[] = [];
      for (let start = 0; start < 3; start += 1) {
        const greeter = crash(shape, port, when);
        if (when === 'later') {
          await greeter.printed('HOOK RUNS');
          others.push(await another());
          greeter.endInput();
        }
        expect(await greeter.exited).toBe(1);
        expect(greeter.output).toContain(
          'Not registered: onApplicationBootstrap of Crasher failed: the hook fails',
        );
      }
      expect(agent.services().map((service) => service.port)).toEqual(others);
      const registers = agent.requests().filter(({ path }) => path === '/register');
      expect(registers).toHaveLength(others.length);
    });
  });
});
