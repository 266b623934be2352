import type { Benchmark, Figure, Scale } from '../measurement.js';
import { type ImportCost, importOnce } from '../support/import-once.js';

const BASELINE = ['undici', 'eventsource'];

/** Dependencies that are also measured alone. */
const PARTS: readonly (readonly [id: string, specifiers: readonly string[]])[] = [
  ['undici', ['undici']],
  ['eventsource', ['eventsource']],
  ['valibot', ['valibot']],
];

/** Imports in new processes that have already loaded Nest and gRPC. */
export const benchmark: Benchmark = { run: measureImport };

async function measureImport({ quick, rounds }: Scale): Promise<Figure[]> {
  const all = [['baseline', BASELINE], ['main', ['nestjs-sidecar-agent']], ...PARTS] as const;
  const seen = new Map<string, ImportCost[]>(all.map(([id]) => [id, []]));
  for (let round = 0; round <= rounds; round += 1) {
    const order = round % 2 === 0 ? all : [...all].reverse();
    for (const [id, specifiers] of order) {
      if (quick && round > 3 && PARTS.some(([part]) => part === id)) continue;
      const taken = await importOnce({ specifiers });
      if (round > 0) seen.get(id)?.push(taken);
    }
  }
  const milliseconds = (id: string) => (seen.get(id) ?? []).map((taken) => taken.milliseconds);
  const megabytes = (id: string) => (seen.get(id) ?? []).map(({ rss }) => rss / 1e6);
  const against = 'importing undici and eventsource';
  return [
    {
      id: 'import.main',
      what: 'importing nestjs-sidecar-agent after Nest and grpc-js',
      unit: 'ms',
      against,
      baseline: milliseconds('baseline'),
      subject: milliseconds('main'),
      goals: [{ of: 'ratio', atMost: 1.2 }],
    },
    {
      id: 'import.main.rss',
      what: 'its memory',
      unit: 'MB',
      against,
      baseline: megabytes('baseline'),
      subject: megabytes('main'),
      goals: [],
    },
    ...PARTS.flatMap(([id]): Figure[] => [
      {
        id: `import.${id}`,
        what: `importing ${id} alone`,
        unit: 'ms',
        against: '',
        baseline: [],
        subject: milliseconds(id),
        goals: [],
      },
      {
        id: `import.${id}.rss`,
        what: 'its memory',
        unit: 'MB',
        against: '',
        baseline: [],
        subject: megabytes(id),
        goals: [],
      },
    ]),
  ];
}
