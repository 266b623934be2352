import { buildGrpcMethods } from 'nestjs-sidecar-agent';
import type { Benchmark, Figure, Scale } from '../measurement.js';
import { number } from '../report/format.js';
import { fitLine, median } from '../statistics.js';
import { bytesOf, nodeOf } from '../support/service-node.js';
import { methodPaths } from '../support/sidecar-app.js';
import { wideGrpcApp } from '../support/wide-grpc-app.js';

const SIZES = [10, 100, 1_000, 10_000] as const;
/** The methods in one timing, because one node of ten methods is too fast to measure. */
const METHODS_A_TIMING = 10_000;

/** Milliseconds per size, one per round. */
type Timings = ReadonlyMap<number, readonly number[]>;

/** The work before the first register: find the methods, build the node, encode it. */
export const benchmark: Benchmark = { run: measureNode };

async function measureNode({ rounds }: Scale): Promise<Figure[]> {
  const lists = new Map(SIZES.map((size) => [size, shuffled(methodPaths(size))]));
  const building = await time(rounds, (size) => void bytesOf(nodeOf(lists.get(size) ?? [])));
  const apps = new Map<number, Awaited<ReturnType<typeof wideGrpcApp>>>();
  for (const size of SIZES) apps.set(size, await wideGrpcApp(size));
  const reflecting = await time(rounds, async (size) => {
    const { app, grpc } = apps.get(size) ?? {};
    const methods = app && grpc ? await buildGrpcMethods(app, grpc) : [];
    if (methods.length !== size) throw new Error(`found ${methods.length} of ${size} methods`);
  });
  return [
    ...figuresOf('node.build', 'building and encoding a node from a list of methods', building),
    ...figuresOf('node.reflect', 'finding the methods that a gRPC server serves', reflecting),
  ];
}

/** The baseline is the same work with a tenth of the methods. */
function figuresOf(id: string, what: string, timings: Timings): Figure[] {
  const points = [...timings].map(([size, took]) => [size, median(took)] as const);
  const line = fitLine(points);
  const perMethod = (size: number) => (timings.get(size) ?? []).map((took) => (took * 1e6) / size);
  return [
    {
      id,
      what: `${what}, per method of 10,000`,
      unit: 'ns/method',
      against: 'per method of 1,000',
      baseline: perMethod(1_000),
      subject: perMethod(10_000),
      goals: [],
      note: `${points.map(([size, took]) => `${size}: ${number(took)} ms`).join(', ')}; the fitted line has ${number(line.slope * 1e6)} ns per method, r² ${line.r2.toFixed(4)}`,
    },
    {
      id: `${id}.power`,
      what: 'power of the growth from 100 to 10,000 methods: 1 is linear, 2 is quadratic',
      unit: '',
      against: '',
      baseline: [],
      subject: powers(timings),
      goals: [{ of: 'subject', atMost: 1.2 }],
    },
  ];
}

/** Returns the slope on logarithmic axes, one per round. Fixed costs dominate below 100 methods. */
function powers(timings: Timings): number[] {
  const sizes = SIZES.filter((size) => size >= 100);
  return (timings.get(100) ?? []).map((_, round) => {
    const points = sizes.map(
      (size) => [Math.log(size), Math.log(timings.get(size)?.[round] ?? NaN)] as const,
    );
    return fitLine(points).slope;
  });
}

async function time(
  rounds: number,
  run: (size: (typeof SIZES)[number]) => Promise<void> | void,
): Promise<Timings> {
  const timings = new Map<number, number[]>(SIZES.map((size) => [size, []]));
  for (let round = -2; round < rounds; round += 1) {
    for (const size of SIZES) {
      const repeats = METHODS_A_TIMING / size;
      const began = performance.now();
      for (let count = 0; count < repeats; count += 1) await run(size);
      const took = (performance.now() - began) / repeats;
      if (round >= 0) timings.get(size)?.push(took);
    }
  }
  return timings;
}

/** Shuffles values, in the same order in every run. */
function shuffled(values: readonly string[]): string[] {
  let seed = 42;
  const keyed = values.map((value) => {
    seed = (seed * 1_103_515_245 + 12_345) % 2_147_483_648;
    return { value, key: seed };
  });
  return keyed.sort((one, other) => one.key - other.key).map(({ value }) => value);
}
