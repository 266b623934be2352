import { setTimeout as delay } from 'node:timers/promises';
import { EmbeddedAgent } from 'nestjs-sidecar-agent/testing';
import { Load, type Traffic } from './load.js';
import { Fleet, type Restart } from './mesh/fleet.js';
import { Router } from './mesh/router.js';
import { describeRestart, say } from './report.js';
import { type Summary, Tally } from './tally.js';

/** The traffic of each service, and its name. */
const TRAFFIC: Readonly<Record<string, Traffic>> = {
  steady: { every: 20, takes: 40 },
  sporadic: { every: 700, takes: 250 },
};
const INSTANCES = 2;
/** The time between two steps, in milliseconds. */
const PAUSE = 2_000;

export interface Outcome {
  readonly restarts: readonly Restart[];
  readonly services: Readonly<Record<string, Summary>>;
}

/** Restarts, kills and replaces the instances of two services under load. */
export async function rollingRestart(lag: number): Promise<Outcome> {
  const agent = new EmbeddedAgent();
  await agent.start();
  const services = Object.entries(TRAFFIC).map(([name, traffic]) => {
    const router = new Router(name, agent, lag);
    const fleet = new Fleet(name, agent, router);
    const tally = new Tally();
    return { name, traffic, router, fleet, tally, load: new Load(router, fleet, tally) };
  });
  const fleets = services.map(({ fleet }) => fleet);
  try {
    say(`Starting ${INSTANCES} instances of ${fleets.map(({ service }) => service).join(' and ')}`);
    await Promise.all(fleets.map((fleet) => fleet.start(INSTANCES)));
    for (const { load, traffic } of services) load.start(traffic);
    const restarts = await disturb(agent, fleets);
    await Promise.all(services.map(({ load }) => load.stop()));
    const summaries = services.map(({ name, tally }) => [name, tally.summary()] as const);
    return { restarts, services: Object.fromEntries(summaries) };
  } finally {
    await Promise.all(services.map(({ load }) => load.stop()));
    for (const { router } of services) router.close();
    // Nobody calls any more, so there is nothing to wait for.
    await Promise.all(fleets.map((fleet) => fleet.stop()));
    await agent.stop();
  }
}

async function disturb(agent: EmbeddedAgent, fleets: readonly Fleet[]): Promise<Restart[]> {
  const restarts: Restart[] = [];
  for (let slot = 0; slot < INSTANCES; slot += 1) {
    await delay(PAUSE);
    say(`Restarting instance ${slot + 1} of each service`);
    const done = await Promise.all(fleets.map((fleet) => fleet.restart(slot)));
    for (const restart of done) say(describeRestart(restart));
    restarts.push(...done);
    if (slot > 0) continue;
    await delay(PAUSE);
    say('Restarting the agent: it loses all registrations');
    await agent.restart();
    await Promise.all(fleets.map((fleet) => fleet.serving()));
  }
  await delay(PAUSE);
  say('Killing instance 1 of each service, and starting it again');
  await Promise.all(fleets.map((fleet) => fleet.replaceKilled(0)));
  await delay(PAUSE);
  return restarts;
}
