import type { INestApplication, INestMicroservice } from '@nestjs/common';
import { ModuleRef, ModulesContainer } from '@nestjs/core';
import { SidecarAgentError } from '../errors/sidecar-agent.error.js';
import { SidecarAgentLifecycle } from '../lifecycle/sidecar-agent-lifecycle.js';
import { readableModules } from '../support/readable-modules.js';
import { AppClose } from './app-close.js';
import { AppServers } from './app-servers.js';
import type { ResolvedRunOptions } from './run-options.js';
import type { ListenAddress, SidecarApp } from './run-options.interface.js';

/** The stage in which a start failed, and the reason. */
export interface StartFailure {
  readonly stage: 'lifecycle' | 'serve';
  readonly cause: unknown;
}

/** Starts and closes an application, and lets its `SidecarAgentModule`s leave the mesh. */
export class ManagedApp<App extends SidecarApp> {
  readonly servers: AppServers;
  readonly #app: App;
  readonly #modules: ModulesContainer;
  readonly #close: AppClose;

  constructor(app: App) {
    this.#app = app;
    this.#modules = readableModules(app.get(ModulesContainer), app.get(ModuleRef));
    this.#close = new AppClose(app);
    for (const { hold } of this.#lifecycles) hold.manage();
    this.servers = new AppServers(app, this.#modules, () => this.#isEnding);
  }

  /** Resolves when other code has closed the application. */
  get ended(): Promise<unknown> {
    return Promise.race([this.#close.ended, this.#hooksEnded]);
  }

  /**
   * The longest `shutdownTimeout` of the modules, in milliseconds; `undefined` without a module.
   */
  get shutdownTimeout(): number | undefined {
    const bounds = this.#lifecycles.map(({ shutdownTimeout }) => shutdownTimeout);
    return bounds.length > 0 ? Math.max(...bounds) : undefined;
  }

  /** Starts the application. Resolves with the failure, if there is one. */
  async start(listen: ResolvedRunOptions<App>['listen']): Promise<StartFailure | undefined> {
    const app = this.#app;
    let stage: StartFailure['stage'] = 'serve';
    try {
      if (this.#lifecycles.length === 0) throw moduleMissing();
      if (listen === undefined && this.#awaitsHttp) throw listenMissing();
      if (typeof listen === 'function') {
        await listen(app);
      } else if (!isMicroservice(app)) {
        await app.startAllMicroservices();
        stage = 'lifecycle';
        await app.init();
        stage = 'serve';
        await listenHttp(app, listen);
      } else {
        await app.listen();
      }
      this.servers.watch();
      stage = 'lifecycle';
      await Promise.all(this.#lifecycles.map(({ announced }) => announced));
      return undefined;
    } catch (cause) {
      // A microservice runs its start-up hooks inside `listen()`, before it listens.
      const isHook = stage === 'lifecycle' || (isMicroservice(app) && !this.servers.listens);
      return { stage: isHook || cause instanceof SidecarAgentError ? 'lifecycle' : 'serve', cause };
    }
  }

  /** Whether calls of `process.exit` are held while the run ends. */
  get holdsExit(): boolean {
    return this.#lifecycles.some(({ hold }) => hold.isWanted);
  }

  /**
   * Lets all modules leave the mesh at the same time, while the servers stay open.
   *
   * @param atOnceWithin milliseconds; if given, they leave without a drain
   * @returns the errors of the leave
   */
  async leave(atOnceWithin?: number): Promise<readonly SidecarAgentError[]> {
    const lifecycles = this.#lifecycles;
    await Promise.all(lifecycles.map((lifecycle) => lifecycle.closing(atOnceWithin)));
    return lifecycles.flatMap(({ agent }) => agent.shutdownErrors);
  }

  /**
   * Closes the application. If a close is under way, waits for it, since a second one would run the
   * hooks twice.
   */
  async close(signal?: NodeJS.Signals): Promise<void> {
    if (this.#isEnding) {
      await (this.#close.begun ?? this.#hooksEnded);
      return;
    }
    const app: { close(signal?: string): Promise<void> } = this.#app;
    await app.close(signal);
  }

  /** Restores `app.close()`, and stops to observe the servers. */
  release(): void {
    this.#close.release();
    this.servers.release();
  }

  /** Whether a module waits for an HTTP server that the application could open. */
  get #awaitsHttp(): boolean {
    return !isMicroservice(this.#app) && this.#lifecycles.some(({ awaitsHttp }) => awaitsHttp);
  }

  /** Nest's own signal handlers run the hooks without `app.close()`, so both are asked. */
  get #isEnding(): boolean {
    return this.#close.begun !== undefined || this.#lifecycles.some(({ isEnding }) => isEnding);
  }

  get #hooksEnded(): Promise<unknown> {
    return Promise.all(this.#lifecycles.map(({ ended }) => ended));
  }

  get #lifecycles(): readonly SidecarAgentLifecycle[] {
    const providers = [...this.#modules.values()].flatMap((module) => [...module.providers.values()]);
    const instances = providers.map((wrapper): unknown => wrapper.instance);
    return [...new Set(instances.filter((instance) => SidecarAgentLifecycle.isInstance(instance)))];
  }
}

function isMicroservice(app: SidecarApp): app is INestMicroservice {
  return !('startAllMicroservices' in app);
}

async function listenHttp(app: INestApplication, listen?: number | ListenAddress): Promise<void> {
  if (listen === undefined) return;
  const { port, host }: ListenAddress = typeof listen === 'number' ? { port: listen } : listen;
  await (host === undefined ? app.listen(port) : app.listen(port, host));
}

function listenMissing(): SidecarAgentError {
  return new SidecarAgentError(
    'runtime_error',
    'runSidecarApp: the option listen is missing. A service with protocol "http" is registered after its ' +
      'HTTP server listens: pass listen, such as { listen: 3000 }',
  );
}

function moduleMissing(): SidecarAgentError {
  return new SidecarAgentError(
    'runtime_error',
    'runSidecarApp: the application does not import SidecarAgentModule. Import it, with enabled: false if ' +
      'there is no sidecar-agent',
  );
}
