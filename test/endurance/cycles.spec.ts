import { execFile } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { beforeAll, describe, expect, it } from '@jest/globals';

/** The first cycles fill caches and let V8 settle; what is measured comes after them. */
const WARM_UP = 1_000;
const CYCLES = 2_000;
const MAIN = fileURLToPath(new URL('cycles-main.mjs', import.meta.url));

interface Sample {
  registers: number;
  heap: number;
  sockets: number;
  timers: number;
  listeners: number;
}

interface Outcome {
  disconnectCount: number;
  registerReplayCount: number;
  left: string[];
}

describe(`${CYCLES} cycles of register, drop and reconnect`, () => {
  let samples: Sample[];
  let outcome: Outcome;
  let complaints: string;

  beforeAll(async () => {
    const run = await promisify(execFile)(process.execPath, ['--expose-gc', MAIN, String(WARM_UP + CYCLES)]);
    const lines = run.stdout.trim().split('\n');
    outcome = JSON.parse(lines.pop() ?? '') as Outcome;
    samples = lines.map((line) => JSON.parse(line) as Sample);
    complaints = run.stderr;
  }, 60_000);

  it('count every one of them', () => {
    expect(samples.map(({ registers }) => registers)).toEqual([1_000, 2_000, 3_000]);
    expect(outcome).toMatchObject({
      disconnectCount: WARM_UP + CYCLES - 1,
      registerReplayCount: WARM_UP + CYCLES,
    });
  });

  it('leave the heap flat', () => {
    const heaps = samples.map(({ heap }) => heap);
    const [first = 0] = heaps;
    // A socket, a client or a parser kept per cycle takes several kB; the collector's own coming
    // and going is about 1 MB.
    expect((heaps.at(-1) ?? Infinity) - first).toBeLessThan(CYCLES * 1_000);
  });

  it('leave sockets, timers and listeners flat, and warn of none', () => {
    const [first, ...later] = samples;
    for (const sample of later) {
      expect(sample.sockets).toBeLessThanOrEqual((first?.sockets ?? 0) + 1);
      expect(sample.timers).toBeLessThanOrEqual((first?.timers ?? 0) + 1);
      expect(sample.listeners).toBe(first?.listeners);
    }
    expect(complaints).toBe('');
  });

  it('leave no handle once the application is closed', () => {
    expect(outcome.left).toEqual([]);
  });
});
