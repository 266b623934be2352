import { type ChildProcess, spawn } from 'node:child_process';
import { constants } from 'node:os';

/** Passed on. Those of a crash are not: they tell of the process that gets them. */
const SIGNALS = ['SIGTERM', 'SIGINT', 'SIGHUP', 'SIGQUIT', 'SIGUSR1', 'SIGUSR2', 'SIGBREAK'] as const;

/** How a child ended. */
export interface ChildEnd {
  /** The child's own code, or 128 and the number of the signal that killed it. */
  readonly exitCode: number;
  /** Says how it ended, for a message: `was killed by SIGKILL`. */
  readonly how: string;
}

/**
 * Runs a command to its end, with the terminal and the files of this process, and passes signals on
 * to it.
 *
 * @throws {NodeJS.ErrnoException} if it cannot be started
 */
export async function runToEnd(
  command: string,
  args: readonly string[],
  env: NodeJS.ProcessEnv,
): Promise<ChildEnd> {
  const child = spawn(command, args, { stdio: 'inherit', env });
  passSignalsTo(child);
  return new Promise((resolve, reject) => {
    // After the start it tells of a signal that could not be sent.
    child.on('error', (error) => (child.pid === undefined ? reject(error) : undefined));
    child.once('exit', (code, signal) => resolve(endOf(code, signal)));
  });
}

/**
 * The handlers stay after the end of the child: a second signal must not end this process before it
 * has deregistered the child.
 */
function passSignalsTo(child: ChildProcess): void {
  for (const signal of SIGNALS) {
    // A terminal sends SIGINT to every process of the command by itself.
    const isFromTerminal = signal === 'SIGINT' && process.stdin.isTTY;
    process.on(signal, () => isFromTerminal || child.kill(signal));
  }
}

function endOf(code: number | null, signal: NodeJS.Signals | null): ChildEnd {
  if (signal !== null) return { exitCode: 128 + constants.signals[signal], how: `was killed by ${signal}` };
  return { exitCode: code ?? 1, how: `exited with code ${code ?? 1}` };
}
