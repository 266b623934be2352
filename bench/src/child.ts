import { fork } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';
import type { BenchmarkName } from './catalogue.js';
import type { Figure, Scale } from './measurement.js';

const RUN_ONE = fileURLToPath(new URL('run-one.js', import.meta.url));

/** Runs one measurement in a process of its own. */
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
    throw new Error(`the measurement ${name} ended with ${code ?? 'a signal'} and without a result`);
  return figures;
}

/** Makes Node write a CPU profile into a directory of its name. */
export function profileArguments(directory: string | undefined, name: string): string[] {
  return directory ? ['--cpu-prof', `--cpu-prof-dir=${directory}/${name}`] : [];
}
