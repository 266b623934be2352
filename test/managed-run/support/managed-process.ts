import { type ChildProcessWithoutNullStreams, spawn } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';
import type { GrpcOptions } from '@nestjs/microservices';
import type { AgentRunStage, RunSidecarAppOptions, SidecarAgentOptions } from '../../../lib/index.js';

/** What the process is told; all of it must be JSON. */
export interface ManagedSettings {
  readonly port: number;
  readonly shape: 'microservice' | 'hybrid' | 'http';
  /** Whether there is a TCP server too. */
  readonly tcp?: boolean;
  /** Where another copy of the package is, for the modules. */
  readonly package?: string;
  /** One module of ours for each. */
  readonly modules?: readonly (Partial<SidecarAgentOptions> & { isGlobal?: boolean })[];
  readonly sidecar?: Partial<SidecarAgentOptions>;
  readonly grpc?: Partial<GrpcOptions['options']>;
  readonly run?: Omit<RunSidecarAppOptions, 'abortSignal'>;
  /** Whether `enableShutdownHooks()` was called too. */
  readonly hooks?: boolean;
  readonly fails?: readonly ('factory' | 'init' | 'close')[];
  readonly hangs?: 'init' | 'destroy';
  /** Whether the application is handed over ready made, and not its factory. */
  readonly source?: 'value';
  /**
   * A `listen` function that opens an HTTP port and nothing else, or a Unix socket of that path.
   */
  readonly listen?: 'function' | `/${string}`;
  /** Whether the AbortSignal is aborted before the start. */
  readonly aborted?: boolean;
}

/** What the rejection had. */
export interface RunFailure {
  readonly name: string;
  readonly stage: AgentRunStage;
  readonly kind: string;
  readonly message: string;
  readonly cause: string;
  /** The kinds of several causes. */
  readonly errors?: readonly string[];
  /** The failures after the first: stage and message. */
  readonly later: readonly (readonly [AgentRunStage, string])[];
}

/** A greeter under `runSidecarApp` in a process of its own. */
export class ManagedProcess {
  readonly exited: Promise<number | NodeJS.Signals>;
  output = '';
  readonly #child: ChildProcessWithoutNullStreams;

  constructor(settings: ManagedSettings) {
    const script = fileURLToPath(new URL('managed-main.mjs', import.meta.url));
    const env = { ...process.env, SETTINGS: JSON.stringify(settings), NO_COLOR: '1' };
    this.#child = spawn(process.execPath, [script], { env });
    for (const stream of [this.#child.stdout, this.#child.stderr]) {
      stream.setEncoding('utf8').on('data', (text: string) => (this.output += text));
    }
    // `close`, not `exit`: all of the output has come.
    this.exited = once(this.#child, 'close').then(([code, signal]) => (code ?? signal) as number);
  }

  /** Waits for a line of its output. */
  async printed(text: string): Promise<void> {
    while (!this.output.includes(text)) {
      const next = await Promise.race([once(this.#child.stdout, 'data'), this.exited]);
      if (!Array.isArray(next)) throw new Error(`it ended (${next}) and never said ${text}:\n${this.output}`);
    }
  }

  /** What the run was rejected with, when the process has ended. */
  async failure(): Promise<RunFailure> {
    await this.exited;
    const line = /^RUN FAILED (.*)$/m.exec(this.output)?.[1];
    if (line === undefined) throw new Error(`the run did not fail:\n${this.output}`);
    return JSON.parse(line) as RunFailure;
  }

  signal(...signals: NodeJS.Signals[]): void {
    for (const signal of signals) this.#child.kill(signal);
  }

  /** Gives an order. */
  order(line: 'abort' | 'close' | 'close tcp' | 'kill grpc' | 'kill http'): void {
    this.#child.stdin.write(`${line}\n`);
  }

  /** The words in capitals that it said, in their order. */
  get milestones(): readonly string[] {
    return this.output.split('\n').flatMap((line) => /^[A-Z]{3,}( [A-Z]+)+/.exec(line)?.[0] ?? []);
  }

  /** Ends it at once, if it is still there. */
  async kill(): Promise<void> {
    if (this.#child.exitCode === null && this.#child.signalCode === null) this.#child.kill('SIGKILL');
    await this.exited;
  }
}
