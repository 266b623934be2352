import { setTimeout as sleep } from 'node:timers/promises';
import type { AppSettings } from '../ends/app.js';
import type { Benchmark, Figure, Scale } from '../measurement.js';
import { freePort } from '../support/free-port.js';
import { OtherEnd } from '../support/other-end.js';

interface Started {
  /** Milliseconds from the start of the process to the end of `listen()`. */
  readonly listen: number;
  /** MB at that moment. */
  readonly rssAtListen: number;
  /** MB when it has registered and had a moment's rest. */
  readonly rss: number;
}

/** Processes that start, one after the other: with the module, without, with. */
export const benchmark: Benchmark = { run: measureStart };

async function measureStart({ rounds }: Scale): Promise<Figure[]> {
  const agent = await OtherEnd.start('agent', { heartbeatInterval: 200 });
  const url = await agent.ask<string>('url');
  const seen: Record<'without' | 'with', Started[]> = { without: [], with: [] };
  for (let round = 0; round <= rounds; round += 1) {
    const order = ['without', 'with'] as const;
    for (const side of round % 2 === 0 ? order : [...order].reverse()) {
      const started = await startOnce({ port: await freePort(), agent: side === 'with' ? url : undefined });
      if (round > 0) seen[side].push(started);
    }
  }
  await agent.stop();
  const sides = (of: keyof Started) => ({
    baseline: seen.without.map((started) => started[of]),
    subject: seen.with.map((started) => started[of]),
  });
  const against = 'the same gRPC application without the module';
  return [
    {
      id: 'start.listen',
      what: 'from the start of the process to the end of listen()',
      unit: 'ms',
      against,
      ...sides('listen'),
      goals: [{ of: 'difference', atMost: 60 }],
    },
    {
      id: 'start.rss.listen',
      what: 'resident memory at the end of listen()',
      unit: 'MB',
      against,
      ...sides('rssAtListen'),
      goals: [],
    },
    {
      id: 'start.rss',
      what: 'resident memory once it is registered, after a second of heartbeats and a collection',
      unit: 'MB',
      against,
      ...sides('rss'),
      goals: [{ of: 'difference', atMost: 12 }],
    },
  ];
}

async function startOnce(settings: AppSettings): Promise<Started> {
  const app = await OtherEnd.start('app', settings);
  const { at, rss } = await app.ask<{ at: number; rss: number }>('listening');
  await app.ask('registered');
  await sleep(1_000);
  const started = { listen: at, rssAtListen: rss / 1e6, rss: (await app.ask<number>('rss')) / 1e6 };
  await app.stop();
  return started;
}
