import { type ChildProcess, spawn } from 'node:child_process';
import { existsSync } from 'node:fs';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import { until } from './until.js';

const SAMPLES = new URL('../../../sample/', import.meta.url);
/** The time limit for a line or the end, in milliseconds; below the time limit of a test. */
const PATIENCE = 45_000;

export interface ProcessEnd {
  readonly code: number | null;
  readonly signal: NodeJS.Signals | null;
}

/** A built sample in its own process and process group. */
export class SampleProcess {
  static readonly #started = new Set<SampleProcess>();

  readonly lines: string[] = [];
  readonly #child: ChildProcess;
  readonly #ended: Promise<ProcessEnd>;
  readonly #watchers = new Set<() => void>();
  #end?: ProcessEnd;

  /** @param script the built file, such as `01-grpc-service/dist/demo.js` */
  constructor(script: string, env: Record<string, string>, args: readonly string[] = []) {
    const path = fileURLToPath(new URL(script, SAMPLES));
    if (!existsSync(path)) {
      throw new Error(`${path} is not built: npm run build:samples`);
    }
    this.#child = spawn(process.execPath, [path, ...args], {
      env: { ...process.env, NO_COLOR: '1', FORCE_COLOR: undefined, ...env },
      stdio: ['ignore', 'pipe', 'pipe'],
      detached: true,
    });
    SampleProcess.#started.add(this);
    for (const stream of [this.#child.stdout, this.#child.stderr]) {
      if (stream) createInterface({ input: stream }).on('line', (line) => this.#heard(line));
    }
    this.#ended = new Promise((resolve) => {
      this.#child.once('close', (code, signal) => resolve({ code, signal }));
    });
    void this.#ended.then((end) => {
      this.#end = end;
      this.#wake();
    });
  }

  /** Kills the processes that a test has left running, and those that they started. */
  static async endAll(): Promise<void> {
    for (const sample of this.#started) {
      if (!sample.#end) sample.signal('SIGKILL');
      await sample.#ended;
      const { servicePid } = sample;
      if (servicePid !== undefined) await gone(servicePid);
    }
    this.#started.clear();
  }

  get output(): string {
    return this.lines.join('\n');
  }

  /** The id of the process that the demonstration has started, from its output. */
  get servicePid(): number | undefined {
    const pid = /as process (\d+)/.exec(this.output)?.[1];
    return pid === undefined ? undefined : Number(pid);
  }

  /** Sends a signal to the whole group, as a terminal does at Ctrl-C. */
  signal(name: NodeJS.Signals): void {
    send(-this.#pid, name);
  }

  /** Sends a signal to this process alone. */
  signalAlone(name: NodeJS.Signals): void {
    send(this.#pid, name);
  }

  /** Waits for a line, and returns it. The error contains the whole output. */
  async line(pattern: RegExp): Promise<string> {
    return this.#until(`a line like ${pattern}`, () => this.lines.find((line) => pattern.test(line)));
  }

  /** Waits for the end. */
  async end(patience = PATIENCE): Promise<ProcessEnd> {
    return this.#until('the end', () => this.#end, patience);
  }

  get #pid(): number {
    if (this.#child.pid === undefined) throw new Error('the sample could not be started');
    return this.#child.pid;
  }

  #heard(line: string): void {
    this.lines.push(line);
    this.#wake();
  }

  #wake(): void {
    for (const look of this.#watchers) look();
  }

  #until<T>(what: string, find: () => T | undefined, patience = PATIENCE): Promise<T> {
    return new Promise((resolve, reject) => {
      const settle = (how: () => void) => {
        clearTimeout(timer);
        this.#watchers.delete(look);
        how();
      };
      const fail = (why: string) =>
        settle(() => reject(new Error(`${why} before ${what}. It said:\n${this.output}`)));
      const look = () => {
        const found = find();
        if (found !== undefined) settle(() => resolve(found));
        else if (this.#end) fail(`The sample ended (${JSON.stringify(this.#end)})`);
      };
      const timer = setTimeout(() => fail(`${patience} ms were over`), patience);
      this.#watchers.add(look);
      look();
    });
  }
}

/** Sends a signal. Does nothing if the process has already ended. */
export function send(pid: number, name: NodeJS.Signals): void {
  try {
    process.kill(pid, name);
  } catch (error) {
    if (!(error instanceof Error && Reflect.get(error, 'code') === 'ESRCH')) throw error;
  }
}

export function isAlive(pid: number): boolean {
  try {
    return process.kill(pid, 0);
  } catch {
    return false;
  }
}

/** Waits until a process has ended that is not a child of this one, by polling. */
async function gone(pid: number): Promise<void> {
  await until(() => !isAlive(pid), `process ${pid} to end`);
}
