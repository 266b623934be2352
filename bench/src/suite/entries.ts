import type { Benchmark, Figure, Scale } from '../measurement.js';
import { inTurns } from '../rounds.js';
import { callInSets, cpuPerCall } from '../support/call-turns.js';
import { ENTRY_NAMES, ENTRY_POINTS } from '../support/entry-points.js';
import { importOnce } from '../support/import-once.js';
import { OtherEnd } from '../support/other-end.js';
import { measureSettledApp } from '../support/settled-app.js';

/** What each optional entry point adds, with the packages that it needs. */
export const benchmark: Benchmark = { run: measureEntries };

async function measureEntries(scale: Scale): Promise<Figure[]> {
  const { rounds } = scale;
  const agent = await OtherEnd.start('agent', { heartbeatInterval: 200 });
  const url = await agent.ask<string>('url');
  const imports = await inTurns(ENTRY_NAMES, rounds, async (entry) => {
    const loaded = ['nestjs-sidecar-agent', ...ENTRY_POINTS[entry]];
    const cost = await importOnce({ loaded, specifiers: [`nestjs-sidecar-agent/${entry}`] });
    return cost.milliseconds;
  });
  const alone = { agent: url };
  const sides = [alone, ...ENTRY_NAMES.map((entry) => ({ ...alone, entry }))];
  const [startsAlone = [], ...starts] = await inTurns(sides, rounds, (side) => measureSettledApp(side));
  const [callsAlone = [], ...calls] = await callInSets(sides, scale);
  await agent.stop();
  const against = 'the same gRPC application with the module alone';
  return ENTRY_NAMES.flatMap((entry, index): Figure[] => [
    {
      id: `entries.${entry}.import`,
      what: `importing nestjs-sidecar-agent/${entry}, with the main entry and ${ENTRY_POINTS[entry].join()} there`,
      unit: 'ms',
      against: '',
      baseline: [],
      subject: imports[index] ?? [],
      goals: [],
    },
    {
      id: `entries.${entry}.start`,
      what: `CPU until the end of listen(), with ${entry} and its package`,
      unit: 'ms',
      against,
      baseline: startsAlone.map(({ cpu }) => cpu),
      subject: (starts[index] ?? []).map(({ cpu }) => cpu),
      goals: [],
    },
    {
      id: `entries.${entry}.rss`,
      what: `resident memory one second after the register, with ${entry} and its package`,
      unit: 'MB',
      against,
      baseline: startsAlone.map(({ rss }) => rss),
      subject: (starts[index] ?? []).map(({ rss }) => rss),
      goals: [],
    },
    {
      id: `entries.${entry}.calls`,
      what: `CPU of the server per call, with ${entry}`,
      unit: 'µs',
      against,
      baseline: cpuPerCall(callsAlone),
      subject: cpuPerCall(calls[index] ?? []),
      goals: [],
    },
  ]);
}
