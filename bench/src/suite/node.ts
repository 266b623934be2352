import type { Benchmark, Figure, Scale } from '../measurement.js';
import { fitLine, median } from '../statistics.js';
import { bytesOf, nodeOf } from '../support/service-node.js';
import { methodPaths } from '../support/sidecar-app.js';

const SIZES = [10, 100, 1_000, 10_000];
/** What one timing takes at least, in methods built: a clock cannot see a node of ten. */
const METHODS_A_TIMING = 10_000;

/** Building the node from an unsorted list of methods, and its bytes. */
export const benchmark: Benchmark = { run: measureNode };

function measureNode({ rounds }: Scale): Promise<Figure[]> {
  const timings = new Map<number, number[]>(SIZES.map((size) => [size, []]));
  for (let round = -2; round < rounds; round += 1) {
    for (const size of SIZES) {
      const took = buildOnce(size);
      if (round >= 0) timings.get(size)?.push(took);
    }
  }
  const perMethod = SIZES.map((size) => (timings.get(size) ?? []).map((took) => (took * 1e6) / size));
  const points = SIZES.map((size) => [size, median(timings.get(size) ?? [])] as const);
  const line = fitLine(points);
  // A power of the number of methods, on logarithmic axes: 1 is linear, 2 would be quadratic.
  const exponents = Array.from({ length: rounds }, (_, round) => {
    const at = SIZES.map((size) => [Math.log(size), Math.log(timings.get(size)?.[round] ?? NaN)] as const);
    return fitLine(at).slope;
  });
  const [, , thousand = [], tenThousand = []] = perMethod;
  return Promise.resolve([
    {
      id: 'node.build',
      what: 'building and encoding a node, for each method of 10,000',
      unit: 'ns/method',
      against: 'for each method of 1,000',
      baseline: thousand,
      subject: tenThousand,
      goals: [],
      note: points.map(([size, took]) => `${size}: ${took.toPrecision(3)} ms`).join(', '),
    },
    {
      id: 'node.exponent',
      what: 'the power of the number of methods that the cost grows by, over 10 to 10,000',
      unit: '',
      against: '',
      baseline: [],
      subject: exponents,
      goals: [{ of: 'subject', atMost: 1.2 }],
      note: `a straight line fits with ${(line.slope * 1e6).toPrecision(3)} ns a method, r² ${line.r2.toFixed(4)}; sorting alone makes it a little more than 1`,
    },
  ]);
}

/** Milliseconds for one node of so many methods. */
function buildOnce(size: number): number {
  const repeats = Math.max(1, METHODS_A_TIMING / size);
  const methods = shuffled(methodPaths(size));
  let bytes = 0;
  const began = performance.now();
  for (let count = 0; count < repeats; count += 1) bytes += bytesOf(nodeOf(methods)).length;
  const took = (performance.now() - began) / repeats;
  if (bytes === 0) throw new Error('nothing was built');
  return took;
}

/** The same order in every run. */
function shuffled(values: readonly string[]): string[] {
  let seed = 42;
  const keyed = values.map((value) => ({
    value,
    key: (seed = (seed * 1_103_515_245 + 12_345) % 2_147_483_648),
  }));
  return keyed.sort((one, other) => one.key - other.key).map(({ value }) => value);
}
