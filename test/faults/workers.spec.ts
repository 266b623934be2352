import { afterEach, beforeEach, describe, expect, it, jest } from '@jest/globals';
import { EmbeddedAgent } from '../../lib/testing/index.js';
import { ConstantCallers } from '../support/constant-callers.js';
import { eventually } from '../support/eventually.js';
import { freePort } from '../support/free-port.js';
import { GreeterCluster } from '../support/greeter-cluster.js';
import { listedBy, registersOf, servingOn } from '../support/listed.js';
import { postedPaths } from '../support/posted-paths.js';

jest.setTimeout(40_000);

describe.each(['node', 'flat'] as const)('workers that share a port, in the %s dialect', (dialect) => {
  let agent: EmbeddedAgent;
  let cluster: GreeterCluster;
  let callers: ConstantCallers;
  /** Whether the agent has listed no worker as `Serving` since they started. */
  let wasAway: boolean;

  beforeEach(async () => {
    agent = new EmbeddedAgent({ dialect });
    await agent.start();
    agent.on('instance', () => (wasAway ||= servingOn(agent) === 0));
  });

  afterEach(async () => {
    await callers.close();
    await cluster.close();
    await agent.stop();
  });

  const goodbyes = () => postedPaths(agent.requests()).filter((path) => path !== '/register');

  /** Starts workers under load. */
  async function start(count: number, sidecar: object = {}, managed = false): Promise<number[]> {
    const port = await freePort();
    cluster = new GreeterCluster({
      port,
      managed,
      shape: 'microservice',
      sidecar: { baseUrl: agent.url, drainDelay: '1s', gracePeriod: '5s', ...sidecar },
    });
    const pids: number[] = [];
    for (let index = 0; index < count; index += 1) pids.push(await fork());
    callers = new ConstantCallers(port);
    await callers.answers(20);
    wasAway = false;
    return pids;
  }

  /** Starts a worker, and waits until it is registered. */
  async function fork(): Promise<number> {
    const before = registersOf(agent);
    const pid = await cluster.fork();
    await eventually(() => registersOf(agent) > before);
    await eventually(async () => (await cluster.status(pid)).registered);
    return pid;
  }

  async function end(pid: number): Promise<number> {
    const began = performance.now();
    cluster.signal(pid, 'SIGTERM');
    expect(await cluster.exited(pid)).toBe(0);
    return performance.now() - began;
  }

  it('are registered until the last one leaves, and lose no call', async () => {
    const [first = 0, second = 0] = await start(2);
    expect((await cluster.status(first)).workers).toBe(2);
    await end(first);
    expect(goodbyes()).toEqual(dialect === 'node' ? ['/deregister'] : []);
    await callers.answers(100);
    expect((await cluster.status(second)).workers).toBe(1);
    expect(wasAway).toBe(false);
    expect(callers.failures).toEqual([]);
    await callers.close();
    await end(second);
    expect(goodbyes().slice(-2)).toEqual(['/drain', '/deregister']);
    expect(listedBy(agent)).toEqual([]);
  });

  it('stay registered while each is replaced by a new one', async () => {
    for (const old of await start(2)) {
      await fork();
      await end(old);
    }
    await callers.answers(100);
    expect(wasAway).toBe(false);
    expect(servingOn(agent)).toBe(dialect === 'node' ? 2 : 1);
    expect(callers.failures).toEqual([]);
  });

  it('end by themselves after a managed run', async () => {
    const [first = 0, second = 0] = await start(2, {}, true);
    await end(first);
    await callers.close();
    await end(second);
    expect(listedBy(agent)).toEqual([]);
  });

  it('do without one that was killed', async () => {
    const [first = 0, second = 0] = await start(2);
    await callers.close();
    cluster.signal(second, 'SIGKILL');
    expect(await cluster.exited(second)).toBe('SIGKILL');
    await eventually(async () => (await cluster.status(first)).workers === 1);
    await end(first);
    expect(goodbyes()).toEqual(['/drain', '/deregister']);
  });

  it('are deregistered if all leave at the same time', async () => {
    const pids = await start(3);
    await callers.close();
    await Promise.all(pids.map((pid) => end(pid)));
    expect(listedBy(agent)).toEqual([]);
  });

  it('the last one deregisters, though it never registered itself', async () => {
    const [first = 0] = await start(1);
    agent.hang('/watch');
    const second = await cluster.fork();
    await eventually(async () => (await cluster.status(first)).workers === 2);
    await end(first);
    await callers.close();
    await end(second);
    expect(listedBy(agent)).toEqual([]);
  });

  it('the last one leaves the port to one that starts during its drain', async () => {
    const [first = 0] = await start(1, { drainDelay: '3s' });
    await callers.close();
    cluster.signal(first, 'SIGTERM');
    await agent.waitFor(() => agent.services().some(({ state }) => state === 'Draining'));
    await fork();
    expect(await cluster.exited(first)).toBe(0);
    expect(servingOn(agent)).toBe(1);
  });
});
