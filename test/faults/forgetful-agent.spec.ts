import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { SidecarAgent, SidecarClock, type SidecarStatus, SidecarStatusService } from '../../lib/index.js';
import { EmbeddedAgent } from '../../lib/testing/index.js';
import { createGreeterApp, type GreeterApp } from '../support/greeter-app.js';
import { listedBy } from '../support/listed.js';
import { postedPaths } from '../support/posted-paths.js';
import { statusWhere } from '../support/status-where.js';
import { StillClock } from './support/registers-clock.js';

const KEY = 'routes/test/default/greeter/current';
const CURED = 'deregistering and registering again SidecarAgent';

describe('an embedded agent of the flat dialect', () => {
  let agent: EmbeddedAgent;
  let greeter: GreeterApp;
  let clock: StillClock;

  beforeEach(async () => {
    clock = new StillClock();
    agent = new EmbeddedAgent({ dialect: 'flat' });
    await agent.start();
    greeter = await createGreeterApp('microservice', {
      baseUrl: agent.url,
      reassertInterval: 40,
      maxReconnectInterval: 400,
      providers: [{ provide: SidecarClock, useValue: clock }],
    });
    await greeter.listen();
    await greeter.app.get(SidecarAgent).registered();
  });

  afterEach(async () => {
    await greeter.app.close();
    await agent.stop();
  });

  const where = (wanted: (status: SidecarStatus) => boolean) => statusWhere(greeter.app, wanted);
  const logged = (words: string) => greeter.logs.sidecar.filter((line) => line.includes(words));
  const states = () => listedBy(agent).map(({ state }) => state);

  describe('whose registry loses the service', () => {
    it('refuses the next register; a deregister and a register help, and are logged once', async () => {
      const id = agent.services()[0]?.instanceId;
      const before = agent.requests().length;
      agent.lose('greeter');
      await where(({ registered }) => !registered);
      const cured = await where(({ registered }) => registered);
      expect(cured).toMatchObject({ state: 'Serving', disconnectCount: 0, registerReplayFailureCount: 1 });
      expect(cured.instanceId).not.toBe(id);

      // Later registers are accepted, so nothing is cured again.
      await where(({ registerReplayCount }) => registerReplayCount > cured.registerReplayCount + 1);
      const since = postedPaths(agent.requests().slice(before));
      expect(since.slice(0, 4)).toEqual(['/register', '/deregister', '/register', '/register']);
      expect(states()).toEqual(['Serving']);
      expect(logged(`CheckID "service:${id}" does not have associated TTL; ${CURED}`)).toHaveLength(1);
      expect(logged(CURED)).toHaveLength(1);
      expect(logged('Registered greeter again').at(-1)).toContain('after 1 failed register (dialect flat');
    });

    it('for good: one deregister, registers at growing waits, and a restart of the agent helps', async () => {
      const waits: (number | null)[] = [];
      let last: string | null = null;
      greeter.app.get(SidecarStatusService).status$.subscribe(({ nextRetryAt }) => {
        if (nextRetryAt !== null && nextRetryAt !== last) waits.push(clock.until(nextRetryAt));
        last = nextRetryAt;
      });
      const before = agent.requests().length;
      agent.lose('greeter', { curable: false });
      const { lastError } = await where(({ registerReplayFailureCount }) => registerReplayFailureCount === 5);
      expect(lastError).toMatch(/answered 400: Unknown check ID "service:.*": restart the sidecar-agent$/);
      await where(() => waits.length === 4);
      // The register after the deregister is sent at once.
      const registers = ['/register', '/register', '/register', '/register'];
      const since = postedPaths(agent.requests().slice(before));
      expect(since).toEqual(['/register', '/deregister', ...registers]);
      expect(waits).toEqual([20, 40, 80, 160]);
      expect(logged(CURED)).toHaveLength(1);
      expect(logged(': restart the sidecar-agent; retrying while connected')).toHaveLength(1);

      await agent.restart();
      await where(({ registered, disconnectCount }) => registered && disconnectCount === 1);
      expect(states()).toEqual(['Serving']);
    });
  });

  it('refuses other methods, until the key that the log names is deleted', async () => {
    const sidecar = greeter.app.get(SidecarAgent);
    const methods = ['/test.Other/Call'];
    const accepted = agent.services()[0]?.methods;
    await expect(sidecar.update({ methods })).rejects.toThrow(KEY);
    await where(({ registered }) => registered);
    expect(listedBy(agent)).toMatchObject([{ state: 'Serving', methods: accepted }]);
    const [line, ...others] = logged('route document conflict');
    expect(line).toContain(`delete the key ${KEY} in Consul; registering again what the agent had accepted`);
    expect(others).toEqual([]);

    expect(agent.forgetRoutes('greeter')).toBe(true);
    await sidecar.update({ methods });
    expect(sidecar.status()).toMatchObject({ registered: true, methodCount: 1 });
    expect(listedBy(agent)).toMatchObject([{ state: 'Serving', methods }]);
  });
});
