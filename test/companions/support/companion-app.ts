import { type ChildProcessWithoutNullStreams, spawn } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';
import { freePort } from '../../support/free-port.js';
import { GreeterClient } from '../../support/greeter.js';

const FOLDER = fileURLToPath(new URL('..', import.meta.url));

/** How the process is started. */
export interface CompanionOptions {
  /** The arguments of Node before the entry file. */
  readonly nodeArgs?: readonly string[];
  readonly env?: Readonly<Record<string, string>>;
  /** What the entry file is told beside the ports; all of it must be JSON. */
  readonly settings: Readonly<Record<string, unknown>>;
}

/** A greeter in a process of its own, with another package: an entry file of `apps`. */
export class CompanionApp {
  static readonly #running = new Set<CompanionApp>();
  readonly #child: ChildProcessWithoutNullStreams;
  readonly #closed: Promise<number | NodeJS.Signals>;
  readonly #client: GreeterClient;
  #output = '';

  private constructor(entry: string, port: number, { nodeArgs = [], env, settings }: CompanionOptions) {
    const told = { SETTINGS: JSON.stringify({ port, ...settings }), NO_COLOR: '1' };
    this.#child = spawn(process.execPath, [...nodeArgs, `apps/${entry}`], {
      cwd: FOLDER,
      env: { ...process.env, NODE_OPTIONS: '--no-warnings', ...told, ...env },
    });
    for (const stream of [this.#child.stdout, this.#child.stderr]) {
      stream.setEncoding('utf8').on('data', (text: string) => (this.#output += text));
    }
    this.#closed = once(this.#child, 'close').then(
      ([code, signal]) => (code ?? signal) as number | NodeJS.Signals,
    );
    this.#client = new GreeterClient(port);
    CompanionApp.#running.add(this);
  }

  /** Starts the application and waits until it listens. */
  static async start(entry: string, options: CompanionOptions): Promise<CompanionApp> {
    const app = new CompanionApp(entry, await freePort(), options);
    await app.#listening();
    return app;
  }

  /** Ends the processes that a test has left running. */
  static async killAll(): Promise<void> {
    for (const app of [...this.#running]) {
      app.#child.kill('SIGKILL');
      await app.closed();
    }
  }

  /** The lines of its output and of its error output, so far. */
  get lines(): readonly string[] {
    return this.#output.split('\n').filter(Boolean);
  }

  /** The port of its HTTP server. */
  get httpPort(): number {
    return Number(/^LISTENING (\d+)$/m.exec(this.#output)?.[1]);
  }

  greet(name: string): Promise<string> {
    return this.#client.greet(name);
  }

  signal(signal: NodeJS.Signals): void {
    this.#child.kill(signal);
  }

  /** Has the application closed, and returns how the process ended by itself. */
  async close(): Promise<number | NodeJS.Signals> {
    this.#child.stdin.end();
    return this.closed();
  }

  /** Waits for the end of the process. */
  async closed(): Promise<number | NodeJS.Signals> {
    const end = await this.#closed;
    this.#client.close();
    CompanionApp.#running.delete(this);
    return end;
  }

  async #listening(): Promise<void> {
    while (!this.httpPort) {
      const next = await Promise.race([once(this.#child.stdout, 'data'), this.#closed]);
      if (!Array.isArray(next)) throw new Error(`the application ended (${next}):\n${this.#output}`);
    }
  }
}
