import { setTimeout as sleep } from 'node:timers/promises';
import type { FleetSettings } from '../ends/fleet.js';
import type { Benchmark, Figure, Scale } from '../measurement.js';
import { percentile } from '../statistics.js';
import { busiest } from '../support/busiest.js';
import { OtherEnd } from '../support/other-end.js';

/** The downtime of the agent in milliseconds, like the restart of a process. */
const DOWNTIME = 3_000;
const WINDOW = 50;

interface Return {
  /** Seconds since the restart of the agent, over all clients. */
  readonly p99: number;
  /** The highest number of connections in {@link WINDOW} ms. */
  readonly peak: number;
}

/** How the clients of an agent reconnect after its restart. */
export const benchmark: Benchmark = { run: measureFleet };

async function measureFleet({ quick }: Scale): Promise<Figure[]> {
  const clients = quick ? 100 : 500;
  const seen: Record<FleetSettings['kind'], Return[]> = { fixed: [], module: [] };
  // Each round starts new processes, so warm-up rounds have no use.
  for (let round = 0; round < 5; round += 1) {
    const order = ['fixed', 'module'] as const;
    for (const kind of round % 2 === 0 ? order : [...order].reverse()) {
      seen[kind].push(await restartOnce(kind, clients));
    }
  }
  const sides = (of: keyof Return) => ({
    baseline: seen.fixed.map((back) => back[of]),
    subject: seen.module.map((back) => back[of]),
  });
  const against = 'clients that reconnect every second';
  return [
    {
      id: 'fleet.registered',
      what: `${clients} clients of an agent with ${DOWNTIME / 1000} s of downtime: until 99 % are registered again`,
      unit: 's',
      against,
      ...sides('p99'),
      goals: [{ of: 'subject', atMost: 6 }],
    },
    {
      id: 'fleet.peak',
      what: `highest number of new connections to the agent in ${WINDOW} ms`,
      unit: 'connections',
      against,
      ...sides('peak'),
      goals: [{ of: 'ratio', atMost: 0.25 }],
    },
  ];
}

async function restartOnce(kind: FleetSettings['kind'], clients: number): Promise<Return> {
  const agent = await OtherEnd.start('agent', { probe: 3_600_000 });
  const settings: FleetSettings = { agent: await agent.ask<string>('url'), clients, kind };
  const fleet = await OtherEnd.start('fleet', settings);
  const returnedAt = await agent.ask<number>('restart', DOWNTIME);
  while ((await agent.ask<number>('registered')) < clients) await sleep(100);
  const { opened, registered } = await agent.ask<{ opened: number[]; registered: number[] }>('arrivals');
  await fleet.stop();
  await agent.stop();
  const times = registered.slice(0, clients).map((at) => (at - returnedAt) / 1000);
  return { p99: percentile(times, 99), peak: busiest(opened, WINDOW) };
}
