import { setTimeout as sleep } from 'node:timers/promises';
import type { Benchmark, Figure, Scale } from '../measurement.js';
import { callInTurns } from '../support/call-turns.js';
import { ENTRY_NAMES, ENTRY_POINTS, type EntryName } from '../support/entry-points.js';
import { freePort } from '../support/free-port.js';
import { OtherEnd } from '../support/other-end.js';

/** One application: milliseconds of CPU until the end of `listen()`, and bytes some time after. */
interface Started {
  readonly cpu: number;
  readonly rss: number;
}

/** The application with the module alone, and with each of the entry points. */
const SIDES: readonly (EntryName | undefined)[] = [undefined, ...ENTRY_NAMES];

/** What each optional entry point adds, with the packages that it needs. */
export const benchmark: Benchmark = { run: measureEntries };

async function measureEntries({ quick, rounds }: Scale): Promise<Figure[]> {
  const agent = await OtherEnd.start('agent', { heartbeatInterval: 200 });
  const url = await agent.ask<string>('url');
  const imports = await importTimes(rounds);
  const starts = await inTurns(rounds, (entry) => startOnce(url, entry));
  const calls = await callCosts(quick ? 3 : 14, quick ? 200 : 500, url);
  await agent.stop();
  const against = 'the same gRPC application with the module alone';
  return ENTRY_NAMES.flatMap((entry): Figure[] => [
    {
      id: `entries.${entry}.import`,
      what: `importing nestjs-sidecar-agent/${entry}, with the main entry and ${ENTRY_POINTS[entry].join()} there`,
      unit: 'ms',
      against: '',
      baseline: [],
      subject: imports.get(entry) ?? [],
      goals: [],
    },
    {
      id: `entries.${entry}.start`,
      what: `CPU until the end of listen(), with ${entry} and its package`,
      unit: 'ms',
      against,
      ...sideBySide(starts, entry, ({ cpu }) => cpu),
      goals: [],
    },
    {
      id: `entries.${entry}.rss`,
      what: `resident memory one second after the register, with ${entry} and its package`,
      unit: 'MB',
      against,
      ...sideBySide(starts, entry, ({ rss }) => rss / 1e6),
      goals: [],
    },
    {
      id: `entries.${entry}.calls`,
      what: `CPU of the server per call, with ${entry}`,
      unit: 'µs',
      against,
      ...sideBySide(calls, entry, (cost) => cost),
      goals: [],
    },
  ]);
}

/** Returns the values of an entry point beside those without any. */
function sideBySide<T>(
  seen: ReadonlyMap<EntryName | undefined, readonly T[]>,
  entry: EntryName,
  value: (one: T) => number,
): Pick<Figure, 'baseline' | 'subject'> {
  const values = (side: EntryName | undefined) => (seen.get(side) ?? []).map(value);
  return { baseline: values(undefined), subject: values(entry) };
}

/** Measures all sides in each round, in turning order. The first round does not count. */
async function inTurns<T>(
  rounds: number,
  measure: (entry: EntryName | undefined) => Promise<T>,
): Promise<Map<EntryName | undefined, T[]>> {
  const seen = new Map<EntryName | undefined, T[]>(SIDES.map((side) => [side, []]));
  for (let round = 0; round <= rounds; round += 1) {
    for (const side of round % 2 === 0 ? SIDES : SIDES.toReversed()) {
      const value = await measure(side);
      if (round > 0) seen.get(side)?.push(value);
    }
  }
  return seen;
}

async function startOnce(agent: string, entry: EntryName | undefined): Promise<Started> {
  const app = await OtherEnd.start('app', { port: await freePort(), agent, entry });
  const { cpu } = await app.ask<{ cpu: number }>('listening');
  await app.ask('settled');
  await sleep(1_000);
  const rss = await app.ask<number>('rss');
  await app.stop();
  return { cpu, rss };
}

/** Milliseconds of the import, in processes that have the main entry and the other package. */
async function importTimes(rounds: number): Promise<ReadonlyMap<EntryName | undefined, number[]>> {
  return inTurns(rounds, async (entry) => {
    if (entry === undefined) return 0;
    const loaded = ['nestjs-sidecar-agent', ...ENTRY_POINTS[entry]];
    const importer = await OtherEnd.start('importer', {
      loaded,
      specifiers: [`nestjs-sidecar-agent/${entry}`],
    });
    const { milliseconds } = await importer.ask<{ milliseconds: number }>('took');
    await importer.stop();
    return milliseconds;
  });
}

/** Microseconds of CPU per call, one for each set of processes. */
async function callCosts(
  sets: number,
  duration: number,
  agent: string,
): Promise<ReadonlyMap<EntryName | undefined, number[]>> {
  const seen = new Map<EntryName | undefined, number[]>(SIDES.map((side) => [side, []]));
  for (let set = 0; set < sets; set += 1) {
    const order = set % 2 === 0 ? SIDES : SIDES.toReversed();
    const works = await callInTurns(
      order.map((entry) => ({ agent, entry })),
      duration,
    );
    for (const [index, { used, calls }] of works.entries()) {
      seen.get(order[index])?.push((used * 1000) / calls);
    }
  }
  return seen;
}
