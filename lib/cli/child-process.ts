import { type ChildProcess, spawn } from 'node:child_process';
import { closeSync, openSync } from 'node:fs';
import { constants } from 'node:os';

/** Passed on. Those of a crash are not: they tell of the process that gets them. */
const SIGNALS = ['SIGTERM', 'SIGINT', 'SIGHUP', 'SIGQUIT', 'SIGUSR1', 'SIGUSR2', 'SIGBREAK'] as const;

/** A terminal sends these to all processes of a command, not to the first alone. */
const OF_TERMINAL: ReadonlySet<string> = new Set(['SIGINT', 'SIGHUP', 'SIGQUIT']);

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
  // A terminal sends its signals to the child by itself, and nothing tells them from those that
  // were sent to this process alone. In a session of its own, the child gets each of them once.
  const detached = hasTerminal();
  const child = spawn(command, args, { stdio: 'inherit', env, detached });
  // On Windows the console tells every process by itself, and a signal would end the child at once.
  passSignals((signal) => process.platform !== 'win32' && send(child, signal, detached));
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
function passSignals(pass: (signal: NodeJS.Signals) => void): void {
  for (const signal of SIGNALS) process.on(signal, () => pass(signal));
}

function send(child: ChildProcess, signal: NodeJS.Signals, hasOwnSession: boolean): void {
  const { pid, exitCode, signalCode } = child;
  const isOver = exitCode !== null || signalCode !== null;
  if (!hasOwnSession || !OF_TERMINAL.has(signal) || pid === undefined || isOver) {
    child.kill(signal);
    return;
  }
  try {
    process.kill(-pid, signal);
  } catch {
    // They have all ended, and the event of it has not come yet.
  }
}

/** Returns whether this process belongs to a terminal, be its own input a pipe. */
function hasTerminal(): boolean {
  try {
    closeSync(openSync('/dev/tty', 'r'));
    return true;
  } catch {
    return false;
  }
}

function endOf(code: number | null, signal: NodeJS.Signals | null): ChildEnd {
  if (signal !== null) return { exitCode: 128 + constants.signals[signal], how: `was killed by ${signal}` };
  return { exitCode: code ?? 1, how: `exited with code ${code ?? 1}` };
}
