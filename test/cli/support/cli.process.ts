import { spawn } from 'node:child_process';
import { existsSync } from 'node:fs';
import { fileURLToPath } from 'node:url';

/** The built command line tool. */
export const MAIN = fileURLToPath(new URL('../../../dist/cli/main.js', import.meta.url));

export interface CliEnd {
  readonly code: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

/** Runs the built command line tool to its end. */
export function runCli(cwd: string, ...args: string[]): Promise<CliEnd> {
  return startCli({ cwd, args }).ended;
}

/** The command line tool while it runs. */
export interface RunningCli {
  readonly signal: (signal: NodeJS.Signals) => void;
  /** What it and its child have printed so far. */
  readonly output: () => string;
  readonly ended: Promise<CliEnd>;
}

/** Starts the built command line tool. */
export function startCli({
  cwd,
  args,
  env = {},
}: {
  readonly cwd: string;
  readonly args: readonly string[];
  readonly env?: Readonly<Record<string, string>>;
}): RunningCli {
  if (!existsSync(MAIN)) throw new Error(`${MAIN} is not built: npm run build`);
  const child = spawn(process.execPath, [MAIN, ...args], {
    cwd,
    env: { ...process.env, ...env },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  const [out, err]: [string[], string[]] = [[], []];
  child.stdout.setEncoding('utf8').on('data', (text: string) => out.push(text));
  child.stderr.setEncoding('utf8').on('data', (text: string) => err.push(text));
  const ended = new Promise<CliEnd>((resolve, reject) => {
    child.once('error', reject);
    child.once('close', (code) => resolve({ code, stdout: out.join(''), stderr: err.join('') }));
  });
  const signal = (name: NodeJS.Signals) => void child.kill(name);
  return { signal, output: () => [...out, ...err].join(''), ended };
}
