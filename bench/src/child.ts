import { fork } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';
import type { BenchmarkName } from './catalogue.js';
import type { Figure, Scale } from './measurement.js';

const RUN_ONE = fileURLToPath(new URL('run-one.js', import.meta.url));

/** Runs one measurement in its own process. */
export async function runInChild(
  name: BenchmarkName,
  scale: Scale,
  profiles: string | undefined,
): Promise<Figure[]> {
  const child = fork(RUN_ONE, [name, JSON.stringify(scale)], {
    execArgv: ['--expose-gc', ...profileArguments(profiles, name)],
    env: { ...process.env, BENCH_PROFILES: profiles },
    stdio: ['ignore', 'inherit', 'inherit', 'ipc'],
  });
  let figures: Figure[] | undefined;
  child.on('message', (message) => {
    figures = message as Figure[];
  });
  const [code] = (await once(child, 'exit')) as [number | null];
  if (!figures || code !== 0)
    throw new Error(
      `the measurement ${name} ended without a result: ${code === null ? 'killed by a signal' : `exit code ${code}`}`,
    );
  return figures;
}

/** Returns the arguments that make Node write a CPU profile to the folder `name`. */
export function profileArguments(directory: string | undefined, name: string): string[] {
  return directory ? ['--cpu-prof', `--cpu-prof-dir=${directory}/${name}`] : [];
}
