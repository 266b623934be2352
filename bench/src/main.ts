import { writeFile } from 'node:fs/promises';
import { relative } from 'node:path';
import { fileURLToPath } from 'node:url';
import { type BenchArguments, HELP, readArguments, UsageError } from './arguments.js';
import { BENCHMARK_NAMES, CATALOGUE } from './catalogue.js';
import { runInChild } from './child.js';
import { describeMachine, loadNow, type Machine } from './machine.js';
import type { Figure, Scale } from './measurement.js';
import { renderComparison } from './report/compare.js';
import { renderPlot } from './report/plot.js';
import { renderNotes, renderTable } from './report/table.js';
import { readResults, toResults, writeResults } from './results.js';

const ROOT = new URL('../../', import.meta.url);
const at = (path: string): string => fileURLToPath(new URL(path, ROOT));
const say = (line = ''): void => void process.stdout.write(`${line}\n`);

process.exitCode = await main(process.argv.slice(2));

async function main(args: readonly string[]): Promise<number> {
  try {
    const asked = readArguments(args);
    if (asked === 'help') say(HELP);
    else await bench(asked);
    return 0;
  } catch (thrown) {
    if (!(thrown instanceof UsageError)) throw thrown;
    process.stderr.write(`bench: ${thrown.message} (see --help)\n`);
    return 2;
  }
}

async function bench({ only, quick, prof, compare }: BenchArguments): Promise<void> {
  const old = compare === undefined ? undefined : await readResults(compare);
  const before = loadNow();
  const figures = await measure(
    only,
    { quick, rounds: quick ? 5 : 7 },
    prof ? at('bench/profiles') : undefined,
  );
  const results = toResults(quick, describeMachine(before), figures);
  say();
  for (const line of renderTable(results.results)) say(line);
  say();
  for (const line of renderNotes(results.results)) say(line);
  say(`\n${captionOf(results.machine)}`);
  if (old) for (const line of ['', ...renderComparison(old, results)]) say(line);
  const isWhole = !quick && only.length === BENCHMARK_NAMES.length;
  const files = [at(isWhole ? 'bench/results.json' : 'bench/results.partial.json')];
  await writeResults(files[0] ?? '', results);
  if (isWhole) {
    files.push(at('docs/performance.svg'));
    await writeFile(files[1] ?? '', renderPlot(results.results, captionOf(results.machine)));
  }
  say(`written: ${files.map((file) => relative(process.cwd(), file)).join(', ')}`);
  if (prof)
    say(
      'profiles: bench/profiles/*/*.cpuprofile, one per process; open them in the developer tools of a browser',
    );
}

async function measure(
  only: BenchArguments['only'],
  scale: Scale,
  profiles: string | undefined,
): Promise<Figure[]> {
  const figures: Figure[] = [];
  for (const name of only) {
    const began = performance.now();
    process.stdout.write(`${name.padEnd(10)} ${CATALOGUE[name]} … `);
    figures.push(...(await runInChild(name, scale, profiles)));
    say(`${((performance.now() - began) / 1000).toFixed(0)} s`);
  }
  return figures;
}

function captionOf({ node, cores, cpu, platform, load, date }: Machine): string {
  return `Node ${node}, ${platform}, ${cores} × ${cpu}, load ${load.before} before and ${load.after} after, ${date}`;
}
