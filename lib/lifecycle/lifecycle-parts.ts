import type { Logger } from '@nestjs/common';
import type { ApplicationConfig, HttpAdapterHost, ModulesContainer } from '@nestjs/core';
import type { GrpcOptions } from '@nestjs/microservices';
import type { Observable } from 'rxjs';
import type { SidecarAgentError } from '../errors/sidecar-agent.error.js';
import type { InFlightCalls } from '../in-flight/in-flight-calls.js';
import type { SidecarAgent } from '../sidecar-agent.js';
import type { SidecarClock } from '../support/timing/sidecar-clock.js';
import type { GrpcServerBinding } from './grpc-server-binding.js';
import type { LeaveHold } from './leave-hold.js';

/** The settings of start-up and shutdown. Durations are milliseconds. */
export interface LifecycleSettings {
  /** If false, the lifecycle only aborts the signal of `@Draining()` at the close. */
  readonly enabled: boolean;
  readonly protocol: 'grpc' | 'http';
  /** The options of the module's gRPC server, if they are given. */
  readonly grpc?: GrpcOptions['options'];
  /** The paths of HTTP requests that are no arrivals. */
  readonly probePaths: readonly string[];
  /** The longest time that start-up waits for the first register; 0 for no wait. */
  readonly waitForRegistration: number;
  /** The longest time for the calls in flight, from the drain on. */
  readonly gracePeriod: number;
  /** The longest time for the whole leave. */
  readonly shutdownTimeout: number;
  /** Whether calls of `process.exit` are held during the leave; by default in a managed run. */
  readonly holdProcessExit?: boolean;
}

/** What the lifecycle works with. */
export interface LifecycleParts {
  readonly settings: LifecycleSettings;
  readonly agent: SidecarAgent;
  readonly calls: InFlightCalls;
  /** Passes an error that no caller waits for to the status, the log and `onError`. */
  readonly report: (error: SidecarAgentError) => void;
  /** Leaves the mesh without a drain within so many milliseconds. */
  readonly leaveAtOnce: (limit: number) => Promise<void>;
  readonly hold: LeaveHold;
  readonly binding: GrpcServerBinding;
  readonly modules: ModulesContainer;
  readonly http: HttpAdapterHost;
  /** Knows the adapter of WebSocket gateways. */
  readonly config: ApplicationConfig;
  /** The status, of which the phase is used. */
  readonly status$: Observable<{ readonly phase: string }>;
  readonly clock: SidecarClock;
  readonly logger: Logger;
}
