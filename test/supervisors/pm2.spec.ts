import { afterEach, beforeEach, describe, expect, it, jest } from '@jest/globals';
import { EmbeddedAgent } from '../../lib/testing/index.js';
import { ConstantCallers } from '../support/constant-callers.js';
import { eventually } from '../support/eventually.js';
import { freePort } from '../support/free-port.js';
import { listedBy, registersOf, servingOn } from '../support/listed.js';
import { postedPaths } from '../support/posted-paths.js';
import { KILL_TIMEOUT, Pm2 } from './support/pm2.js';

jest.setTimeout(120_000);

const WAYS = [
  { dialect: 'node', managed: false, what: 'shutdown hooks' },
  { dialect: 'flat', managed: true, what: 'a managed run' },
] as const;

describe.each(WAYS)("PM2's cluster mode, with $what, in the $dialect dialect", ({ dialect, managed }) => {
  let agent: EmbeddedAgent;
  let pm2: Pm2;
  let callers: ConstantCallers;
  let port: number;

  beforeEach(async () => {
    agent = new EmbeddedAgent({ dialect });
    await agent.start();
    pm2 = await Pm2.create();
    port = await freePort();
    const sidecar = { baseUrl: agent.url, gracePeriod: '5s' };
    await pm2.start({ port, shape: 'microservice', managed, sidecar }, 2);
    await eventually(() => registersOf(agent) >= 2, 20_000);
    callers = new ConstantCallers(port);
    await callers.answers(100);
  });

  afterEach(async () => {
    await callers.close();
    await pm2.close();
    await agent.stop();
  });

  it('is registered throughout a reload, loses no call, and is deregistered when it stops', async () => {
    const before = await pm2.pids();
    let wasAway = false;
    agent.on('instance', () => (wasAway ||= servingOn(agent) === 0));
    await pm2.command('reload', 'greeter');
    await eventually(() => registersOf(agent) >= 4, 20_000);
    await callers.answers(200);
    expect((await pm2.pids()).filter((pid) => before.includes(pid))).toEqual([]);
    expect({ wasAway, failures: callers.failures }).toEqual({ wasAway: false, failures: [] });
    expect(servingOn(agent)).toBe(dialect === 'node' ? 2 : 1);
    await callers.close();
    const stopping = performance.now();
    await pm2.command('stop', 'greeter');
    expect(performance.now() - stopping).toBeLessThan(KILL_TIMEOUT);
    expect(listedBy(agent)).toEqual([]);
    expect(postedPaths(agent.requests()).at(-1)).toBe('/deregister');
  });

  it('survives the kill of a worker', async () => {
    const [victim = 0] = await pm2.pids();
    await callers.close();
    const before = registersOf(agent);
    process.kill(victim, 'SIGKILL');
    await eventually(() => registersOf(agent) > before, 20_000);
    await pm2.command('stop', 'greeter');
    const left = listedBy(agent);
    // Nothing runs in a process that is killed: in the node dialect its own instance stays.
    expect(left).toHaveLength(dialect === 'node' ? 1 : 0);
  });
});
