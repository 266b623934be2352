import { type DynamicModule, Module } from '@nestjs/common';
import { ModuleRef } from '@nestjs/core';
import { bindMembers } from '../support/bind-members.js';
import { SidecarTelemetry } from './sidecar-telemetry.js';

/** The options of {@link SidecarAgentOtelModule.forRoot}. */
export interface SidecarAgentOtelOptions {
  /**
   * The `name` of the `SidecarAgentModule` whose service is observed.
   *
   * @default none: the module without a name
   */
  name?: string;
}

/**
 * Gives OpenTelemetry the metrics and traces of a registration. It uses `@opentelemetry/api` alone:
 * without an SDK nothing is measured. Start the SDK before Nest creates the application, and shut
 * it down after the application has closed.
 *
 * Metrics, each with the attribute `sidecar_agent.service.name`:
 * - `sidecar_agent.connected` and `sidecar_agent.registered`: UpDownCounters, 1 or 0
 * - `sidecar_agent.reconnects` in `{reconnect}`: a Counter
 * - `sidecar_agent.register.duration`, `sidecar_agent.drain.duration` in `s`: Histograms of the
 *   calls, failed ones with `error.type`
 * - `sidecar_agent.register.failures` in `{failure}`: a Counter, by `error.type`
 * - `sidecar_agent.drain.propagation` in `s`: a Histogram of the time that routers took to learn of
 *   a drain
 * - `sidecar_agent.calls.in_flight` in `{call}`: an observable UpDownCounter
 *
 * Spans: `sidecar_agent.register`, `sidecar_agent.drain`, `sidecar_agent.deregister` and
 * `sidecar_agent.shutdown`. Each call to the agent carries the trace context of its span.
 *
 * It subscribes to channels of `node:diagnostics_channel` when the application starts, and
 * unsubscribes when it closes. Import it when Nest creates the application: Nest runs no hooks of a
 * module that `LazyModuleLoader` loads, so such a module measures nothing.
 */
@Module({})
export class SidecarAgentOtelModule {
  /**
   * Returns the module for one `SidecarAgentModule`. Import it once for each of several named ones.
   *
   * @throws {SidecarAgentError} of kind `invalid_options`, when the application starts, if no
   *   `SidecarAgentModule` has the name
   *
   * @example
   * ```ts
   * @Module({
   *   imports: [SidecarAgentModule.forRoot(options), SidecarAgentOtelModule.forRoot()],
   * })
   * export class AppModule {}
   * ```
   */
  static forRoot({ name }: SidecarAgentOtelOptions = {}): DynamicModule {
    return {
      module: SidecarAgentOtelModule,
      providers: [
        {
          provide: SidecarTelemetry,
          inject: [ModuleRef],
          useFactory: (ref: ModuleRef) => bindMembers(new SidecarTelemetry(ref, name)),
        },
      ],
    };
  }
}
