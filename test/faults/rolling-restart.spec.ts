import { afterAll, beforeAll, describe, expect, it, jest } from '@jest/globals';
import { SampleProcess } from '../samples/support/sample.process.js';

/** The time limit of a run, in milliseconds. With the longest lag it takes a bit over a minute. */
const LIMIT = 150_000;
/** The lags to run with, such as `0s,2s,6s,9s`. */
const LAGS = (process.env.ROLLING_RESTART_LAGS ?? '2s').split(',');

jest.setTimeout(LIMIT + 10_000);

interface Outcome {
  readonly restarts: readonly {
    readonly instance: string;
    readonly drained: number;
    readonly lastCall: number;
  }[];
  readonly services: Readonly<Record<string, { readonly calls: number; readonly failed: number }>>;
}

/** Runs the sample. The promise may be awaited later. */
async function run(lag: string, env: Record<string, string> = {}) {
  const sample = new SampleProcess('09-rolling-restart/dist/main.js', env, ['--lag', lag, '--json']);
  const { code } = await sample.end(LIMIT);
  const outcome = JSON.parse(sample.lines.at(-1) ?? '') as Outcome;
  return { code, outcome, output: sample.output };
}

describe('sample 09: a rolling restart under load', () => {
  let early: ReturnType<typeof run>;

  // Runs beside the others: each takes half a minute, and mostly waits.
  beforeAll(() => {
    early = run('3s', { DRAIN_DELAY: '100ms' });
    early.catch(() => undefined);
  });
  afterAll(() => SampleProcess.endAll());

  it.each(LAGS)('loses no call if routers learn after %s', async (lag) => {
    const { code, outcome, output } = await run(lag);
    expect(output).toContain(', 0 failed');
    expect({ code, output }).toEqual({ code: 0, output: expect.not.stringMatching(/, [1-9]\d* failed/) });
    expect(outcome.restarts.map(({ instance }) => instance)).toEqual([
      'steady-1.1',
      'sporadic-1.1',
      'steady-2.1',
      'sporadic-2.1',
    ]);
    // The steady load shows that the router was as late as the argument says.
    for (const { instance, drained, lastCall } of outcome.restarts) {
      if (!instance.startsWith('steady')) continue;
      expect(Math.abs(lastCall - drained - Number.parseFloat(lag))).toBeLessThan(1);
    }
    expect(outcome.services.steady?.calls).toBeGreaterThan(300);
    expect(outcome.services.sporadic?.calls).toBeGreaterThan(10);
  });

  it('tells which calls were lost if an instance leaves too early, and ends with 1', async () => {
    const { code, outcome, output } = await early;
    expect(code).toBe(1);
    expect(outcome.services.sporadic?.failed).toBeGreaterThan(0);
    expect(output).toMatch(/ {2}\d+ × UNAVAILABLE from an instance that was exited/);
  });

  it('refuses a lag that is not one', async () => {
    const sample = new SampleProcess('09-rolling-restart/dist/main.js', {}, ['--lag', 'soon']);
    expect(await sample.end()).toEqual({ code: 2, signal: null });
    expect(sample.lines).toEqual(['--lag: must be seconds from "0s" to "15s", got "soon"']);
  });
});
