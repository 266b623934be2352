import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import type { EmbeddedAgent } from '../../../lib/testing/index.js';

const SCRIPT = fileURLToPath(new URL('../dist/main.js', import.meta.url));

/** The result of the command. */
export interface InteropResult {
  readonly code: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

/** The built command in its own process. */
export class InteropProcess {
  static readonly #running = new Set<ChildProcess>();
  readonly #child: ChildProcess;
  readonly result: Promise<InteropResult>;

  constructor(args: readonly string[], env: Record<string, string> = {}) {
    if (!existsSync(SCRIPT)) throw new Error(`${SCRIPT} is not built: npm run build:interop`);
    const child = spawn(process.execPath, [SCRIPT, ...args], {
      env: { ...process.env, SIDECAR_AGENT_BASE_URL: undefined, ...env },
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    this.#child = child;
    InteropProcess.#running.add(child);
    let stdout = '';
    let stderr = '';
    child.stdout.setEncoding('utf8').on('data', (text: string) => (stdout += text));
    child.stderr.setEncoding('utf8').on('data', (text: string) => (stderr += text));
    this.result = once(child, 'close').then(([code]) => {
      InteropProcess.#running.delete(child);
      return { code: code as number | null, stdout, stderr };
    });
  }

  /** Kills the processes that a test has left running. */
  static killAll(): void {
    for (const child of this.#running) child.kill('SIGKILL');
  }

  signal(name: NodeJS.Signals): void {
    this.#child.kill(name);
  }
}

export function runInterop(args: readonly string[], env?: Record<string, string>): Promise<InteropResult> {
  return new InteropProcess(args, env).result;
}

/** Returns the failed checks of a run, as `topic: title`. */
export function failedChecks({ stdout }: InteropResult): string[] {
  return [...stdout.matchAll(/^FAILED (.*)$/gm)].map(([, name = '']) => name);
}

/** Returns the names of the instances that the agent still holds. */
export function liveInstances(agent: EmbeddedAgent): string[] {
  const live = agent.services().filter(({ state }) => state !== 'Deregistered');
  return live.map(({ name }) => name);
}
