import type { GrpcOptions } from '@nestjs/microservices';
import type { AgentRunStage, RunSidecarAppOptions, SidecarAgentOptions } from '../../../lib/index.js';
import { ChildApp } from './child-app.js';

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
  /** Whether it runs under Nest's own shutdown hooks, and not under `runSidecarApp`. */
  readonly plain?: boolean;
  /** The events of a crash that it listens to itself. */
  readonly listens?: readonly ('uncaughtException' | 'unhandledRejection')[];
  /** Whether another listener of SIGTERM calls `process.exit(7)`, 50 ms later or at once. */
  readonly exits?: 'later' | 'at once';
}

/** What the process is told to do. */
export type ManagedOrder =
  | 'abort'
  | 'close'
  | 'close tcp'
  | 'kill grpc'
  | 'kill http'
  | 'throw'
  | 'reject'
  | 'exit 3'
  | 'imported exit 4'
  | 'kill itself'
  | 'shutdown, exit 3';

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
export class ManagedProcess extends ChildApp {
  constructor(settings: ManagedSettings) {
    super('managed-main.mjs', settings);
  }

  /** What the run was rejected with, when the process has ended. */
  async failure(): Promise<RunFailure> {
    await this.exited;
    const line = /^RUN FAILED (.*)$/m.exec(this.output)?.[1];
    if (line === undefined) throw new Error(`the run did not fail:\n${this.output}`);
    return JSON.parse(line) as RunFailure;
  }

  override order(line: ManagedOrder): void {
    super.order(line);
  }

  /** The words in capitals that it said, in their order. */
  get milestones(): readonly string[] {
    return this.output.split('\n').flatMap((line) => /^[A-Z]{3,}( [A-Z]+)+/.exec(line)?.[0] ?? []);
  }
}
