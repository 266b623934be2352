import { type ChildProcessWithoutNullStreams, spawn } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';
import type { GrpcOptions } from '@nestjs/microservices';
import type { ConsulOptions } from '../../lib/consul/index.js';
import type { SidecarAgentOptions } from '../../lib/index.js';
import type { AppShape } from './greeter-app.js';

/** What the process is told; all of it must be JSON. */
export interface GreeterSettings {
  readonly port: number;
  /** The HTTP port of a hybrid application; a free one if it is left out. */
  readonly httpPort?: number;
  readonly shape: AppShape;
  readonly sidecar: Partial<SidecarAgentOptions>;
  /** Whether it registers at a Consul, and how. */
  readonly consul?: ConsulOptions;
  /** More of its environment. */
  readonly environment?: Readonly<Record<string, string>>;
  readonly grpc?: Partial<GrpcOptions['options']>;
  /**
   * Whether shutdown hooks are enabled; without them the end of its input closes the application.
   */
  readonly signals?: boolean;
  /** Whether `runSidecarApp` starts and ends it. */
  readonly managed?: boolean;
  /** Whether a bootstrap hook of another module fails, at once or when its input ends. */
  readonly crash?: 'at once' | 'later';
  /** A WebSocket gateway of a hybrid application. */
  readonly gateway?: 'ws';
  /**
   * Terminus, which sleeps at SIGTERM for so many milliseconds, imported before or after our
   * module. The end of the input then lets the calls in flight finish.
   */
  readonly terminus?: { readonly sleep: number; readonly imported: 'first' | 'last' };
}

/** A greeter in a process of its own. */
export class GreeterProcess {
  readonly #child: ChildProcessWithoutNullStreams;
  readonly exited: Promise<number | NodeJS.Signals | null>;
  output = '';

  constructor(settings: GreeterSettings) {
    const script = fileURLToPath(new URL('greeter-main.mjs', import.meta.url));
    const own = { GREETER: JSON.stringify(settings), NO_COLOR: '1' };
    const env = { ...process.env, ...settings.environment, ...own };
    this.#child = spawn(process.execPath, [script], { env });
    for (const stream of [this.#child.stdout, this.#child.stderr]) {
      stream.setEncoding('utf8').on('data', (text: string) => (this.output += text));
    }
    this.exited = once(this.#child, 'exit').then(
      ([code, signal]) => (code ?? signal) as number | NodeJS.Signals | null,
    );
  }

  /** Waits for a line of its output. */
  async printed(text: string): Promise<void> {
    while (!this.output.includes(text)) {
      const next = await Promise.race([once(this.#child.stdout, 'data'), this.exited]);
      if (!Array.isArray(next))
        throw new Error(`the greeter ended (${next}) and never said ${text}:\n${this.output}`);
    }
  }

  signal(signal: NodeJS.Signals): void {
    this.#child.kill(signal);
  }

  endInput(): void {
    this.#child.stdin.end();
  }

  /** Ends it at once, if it is still there. */
  async kill(): Promise<void> {
    if (this.#child.exitCode === null && this.#child.signalCode === null) {
      this.#child.kill('SIGKILL');
      await this.exited;
    }
  }
}
