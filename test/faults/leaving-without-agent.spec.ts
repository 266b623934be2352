import { setTimeout as delay } from 'node:timers/promises';
import { afterEach, beforeEach, describe, expect, it, jest } from '@jest/globals';
import { EmbeddedAgent } from '../../lib/testing/index.js';
import { eventually } from '../support/eventually.js';
import { freePort } from '../support/free-port.js';
import { GreeterProcess } from '../support/greeter-process.js';
import { LeavingCaller } from './support/leaving-caller.js';

/** Routers elsewhere list the services of an agent that is gone until its lease has run out. */
const LEASE = 10_000;
/** The time that routers need to learn of the end of the lease. */
const LEARNING = 6_000;

/** What the greeter of the tests sets otherwise, as it is by default. */
const DEFAULTS = { drainDelay: 'auto', reconnectInterval: '1s', maxReconnectInterval: '5s' } as const;
/** `shutdownTimeout` by default: `gracePeriod` of 20 s and three times `requestTimeout` of 3 s. */
const BOUND = 29_000;
/**
 * Both instances of a service get its calls. Those of the last two come again only about 11 s after
 * SIGTERM: a quiet of 7 s, the longest one that the module waits for, has passed by then.
 */
const SERVICES = [
  { service: 'steady', every: 20, batch: 1 },
  { service: 'few-calls', every: 12_000, batch: 1 },
  { service: 'batches', every: 12_000, batch: 30 },
];
/** The time in which every instance has started and answered the batches before the kill. */
const START = 30_000;
/** The batches before the agent is killed, and those until routers have learned. */
const BATCHES = { before: 2, all: 3 };

jest.setTimeout(60_000);

/** One of the two instances of a service, and what routers send to it. */
interface Instance {
  readonly service: string;
  readonly batch: number;
  readonly greeter: GreeterProcess;
  readonly caller: LeavingCaller;
}

describe('SIGTERM after the agent was killed', () => {
  let agent: EmbeddedAgent;
  const instances: Instance[] = [];

  beforeEach(async () => {
    agent = new EmbeddedAgent();
    await agent.start();
  });

  afterEach(async () => {
    const started = instances.splice(0);
    await Promise.all(started.map(({ greeter }) => greeter.kill()));
    await Promise.all(started.map(({ caller }) => caller.close()));
    await agent.stop();
  });

  async function start({ service, every, batch }: (typeof SERVICES)[number]): Promise<Instance> {
    const port = await freePort();
    const sidecar = { baseUrl: agent.url, service: { name: service }, ...DEFAULTS };
    const caller = new LeavingCaller(port, agent, { lag: 0, every, batch });
    const greeter = new GreeterProcess({ port, shape: 'microservice', sidecar });
    const instance = { service, batch, caller, greeter };
    instances.push(instance);
    await greeter.printed(`Registered ${service}`);
    return instance;
  }

  async function end({ greeter, service }: Instance): Promise<{ service: string; exited: unknown }> {
    const began = performance.now();
    greeter.signal('SIGTERM');
    const exited = await greeter.exited;
    expect(performance.now() - began).toBeLessThan(BOUND);
    return { service, exited };
  }

  /** The batches that every instance has answered. */
  const answeredBatches = () => Math.min(...instances.map(({ batch, caller }) => caller.answered / batch));

  it('serves on until the lease has run out and routers have learned of it: no call fails', async () => {
    await Promise.all(SERVICES.map(start));
    // The last ones to start, so that their second batch comes right before the kill.
    const leaving = await Promise.all(SERVICES.map(start));
    await eventually(() => answeredBatches() >= BATCHES.before, START);

    await agent.stop();
    for (const { caller } of instances) caller.forget(LEASE + LEARNING);
    await delay(1_000);
    const ends = await Promise.all(leaving.map(end));
    await Promise.all(instances.map(({ caller }) => caller.close()));

    expect(instances.map(({ service, caller }) => ({ service, failures: caller.failures }))).toEqual(
      instances.map(({ service }) => ({ service, failures: [] })),
    );
    expect(ends).toEqual(SERVICES.map(({ service }) => ({ service, exited: 0 })));
    expect(answeredBatches()).toBeGreaterThanOrEqual(BATCHES.all);
  });
});
