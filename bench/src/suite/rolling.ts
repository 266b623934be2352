import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';
import type { Benchmark, Figure, Scale } from '../measurement.js';

const SAMPLE = fileURLToPath(new URL('../../../sample/09-rolling-restart/dist/main.js', import.meta.url));

/** The last line of the sample. */
interface Outcome {
  /** Seconds after SIGTERM, one entry for each restarted instance. */
  readonly restarts: readonly {
    readonly instance: string;
    readonly exited: number;
    readonly serving: number;
  }[];
  readonly services: Readonly<Record<string, { readonly calls: number; readonly failed: number }>>;
}

/** A rolling restart as in the sample, with the measured `drainDelay` and with a fixed one. */
export const benchmark: Benchmark = { run: measureRolling };

async function measureRolling({ quick }: Scale): Promise<Figure[]> {
  const figures: Figure[] = [];
  for (const lag of quick ? [0] : [0, 6]) figures.push(...(await restartBehind(lag)));
  return figures;
}

/** @param lag how much later than the agent routers learn, in seconds */
async function restartBehind(lag: number): Promise<Figure[]> {
  // Both mostly wait, so they can run at the same time.
  const [fixed, measured] = await Promise.all([
    runSample(lag, { DRAIN_DELAY: '5s' }),
    runSample(lag, { DRAIN_DELAY: undefined }),
  ]);
  const against = 'drainDelay: 5s';
  const where = `routers that learn ${lag} s after the agent`;
  const exits = ({ restarts }: Outcome, service: string) =>
    restarts.filter(({ instance }) => instance.startsWith(service)).map(({ exited }) => exited);
  const exitFigure = (service: string, atMost: number): Figure => ({
    id: `rolling.exit.${service}.${lag}s`,
    what: `from SIGTERM to the exit of an instance with ${service} calls, with ${where}`,
    unit: 's',
    against,
    baseline: exits(fixed, service),
    subject: exits(measured, service),
    goals: [{ of: 'subject', atMost }],
  });
  return [
    {
      id: `rolling.failed.${lag}s`,
      what: `failed calls of ${callsOf(measured)}, with ${where}`,
      unit: 'calls',
      against,
      baseline: [failedOf(fixed)],
      subject: [failedOf(measured)],
      goals: [{ of: 'subject', atMost: 0 }],
    },
    exitFigure('steady', lag + 4),
    // With few calls a quiet tells little, so it stays for 7 s at least.
    exitFigure('sporadic', Math.max(lag + 4, 9)),
    {
      id: `rolling.restart.${lag}s`,
      what: 'from SIGTERM until the agent lists its successor as Serving',
      unit: 's',
      against,
      baseline: fixed.restarts.map(({ serving }) => serving),
      subject: measured.restarts.map(({ serving }) => serving),
      goals: [],
    },
  ];
}

async function runSample(lag: number, env: NodeJS.ProcessEnv): Promise<Outcome> {
  const child = spawn(process.execPath, [SAMPLE, '--lag', `${lag}s`, '--json'], {
    env: { ...process.env, ...env },
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  let output = '';
  child.stdout.setEncoding('utf8').on('data', (text: string) => (output += text));
  const [code] = (await once(child, 'close')) as [number | null];
  // 1: calls have failed, which is a figure.
  if (code !== 0 && code !== 1) throw new Error(`the sample ended with ${code}: ${output}`);
  return JSON.parse(output.trimEnd().split('\n').at(-1) ?? '') as Outcome;
}

function failedOf({ services }: Outcome): number {
  return Object.values(services).reduce((sum, { failed }) => sum + failed, 0);
}

function callsOf({ services }: Outcome): number {
  return Object.values(services).reduce((sum, { calls }) => sum + calls, 0);
}
