import { type ChildProcess, spawn } from 'node:child_process';
import { existsSync } from 'node:fs';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import { until } from './until.js';

const SAMPLES = new URL('../../../sample/', import.meta.url);
/** How long a line or an end is waited for, in milliseconds: less than a test may take. */
const PATIENCE = 45_000;

export interface ProcessEnd {
  readonly code: number | null;
  readonly signal: NodeJS.Signals | null;
}

/** A built sample in a process, and a process group, of its own. */
export class SampleProcess {
  static readonly #started = new Set<SampleProcess>();

  readonly lines: string[] = [];
  readonly #child: ChildProcess;
  readonly #ended: Promise<ProcessEnd>;
  readonly #watchers = new Set<() => void>();
  #end?: ProcessEnd;

  /** @param script the built file, such as `01-grpc-service/dist/demo.js` */
  constructor(script: string, env: Record<string, string>) {
    const path = fileURLToPath(new URL(script, SAMPLES));
    if (!existsSync(path)) {
      throw new Error(`${path} is not built: npm run build:samples`);
    }
    this.#child = spawn(process.execPath, [path], {
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

  /** Ends what a test has left behind, and what that has started. */
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

  /** The process that the demonstration says it has started. */
  get servicePid(): number | undefined {
    const pid = /as process (\d+)/.exec(this.output)?.[1];
    return pid === undefined ? undefined : Number(pid);
  }

  /** Sends a signal to the whole group, as a terminal does at Ctrl-C. */
  signal(name: NodeJS.Signals): void {
    send(-this.#pid, name);
  }

  /** Sends a signal to the one process. */
  signalAlone(name: NodeJS.Signals): void {
    send(this.#pid, name);
  }

  /** Waits for a line, and returns it; fails with all that was said. */
  async line(pattern: RegExp): Promise<string> {
    return this.#until(`a line like ${pattern}`, () => this.lines.find((line) => pattern.test(line)));
  }

  /** Waits for the end. */
  async end(): Promise<ProcessEnd> {
    return this.#until('the end', () => this.#end);
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

  #until<T>(what: string, find: () => T | undefined): Promise<T> {
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
      const timer = setTimeout(() => fail(`${PATIENCE} ms were over`), PATIENCE);
      this.#watchers.add(look);
      look();
    });
  }
}

/** Sends a signal; a process that has ended already needs none. */
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

/** Waits until a process that is no child of this one has ended: only looking tells. */
async function gone(pid: number): Promise<void> {
  await until(() => !isAlive(pid), `process ${pid} to end`);
}
