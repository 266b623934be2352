import type { INestApplication, INestMicroservice } from '@nestjs/common';
import { ModulesContainer } from '@nestjs/core';
import { SidecarAgentError } from '../errors/sidecar-agent.error.js';
import { SidecarAgentLifecycle } from '../lifecycle/sidecar-agent-lifecycle.js';
import { AppClose } from './app-close.js';
import { AppServers } from './app-servers.js';
import type { ResolvedRunOptions } from './run-options.js';
import type { ListenAddress, SidecarApp } from './run-options.interface.js';

/** Where a start failed, and why. */
export interface StartFailure {
  readonly stage: 'lifecycle' | 'serve';
  readonly cause: unknown;
}

/** An application with at least one module of ours: how it starts, leaves and closes. */
export class ManagedApp<App extends SidecarApp> {
  readonly servers: AppServers;
  readonly #app: App;
  readonly #modules: ModulesContainer;
  readonly #close: AppClose;

  constructor(app: App) {
    this.#app = app;
    this.#modules = app.get(ModulesContainer);
    this.#close = new AppClose(app);
    this.servers = new AppServers(app, this.#modules, () => this.#isEnding);
  }

  /** Resolves when somebody else has closed the application. */
  get ended(): Promise<unknown> {
    return Promise.race([this.#close.ended, this.#hooksEnded]);
  }

  /** The longest of the modules', in milliseconds; `undefined` where there is no module. */
  get shutdownTimeout(): number | undefined {
    const bounds = this.#lifecycles.map(({ shutdownTimeout }) => shutdownTimeout);
    return bounds.length > 0 ? Math.max(...bounds) : undefined;
  }

  /** Makes it serve; a failure is what it resolves with. */
  async start(listen: ResolvedRunOptions<App>['listen']): Promise<StartFailure | undefined> {
    const app = this.#app;
    let stage: StartFailure['stage'] = 'serve';
    try {
      if (this.#lifecycles.length === 0) throw noModule();
      if (listen === undefined && this.#awaitsHttp) throw noListen();
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
      // A microservice runs its start-up hooks in the same call, before it listens.
      const isHook = stage === 'lifecycle' || (isMicroservice(app) && !this.servers.listens);
      return { stage: isHook || cause instanceof SidecarAgentError ? 'lifecycle' : 'serve', cause };
    }
  }

  /** Leaves the mesh, every module of the application at once, with all servers open. */
  async leave(): Promise<readonly SidecarAgentError[]> {
    const lifecycles = this.#lifecycles;
    await Promise.all(lifecycles.map((lifecycle) => lifecycle.closing()));
    return lifecycles.flatMap(({ agent }) => agent.shutdownErrors);
  }

  /** Closes the application; where somebody does already, waits for that. A second close would run the hooks twice. */
  async close(signal?: NodeJS.Signals): Promise<void> {
    if (this.#isEnding) {
      await (this.#close.begun ?? this.#hooksEnded);
      return;
    }
    const app: { close(signal?: string): Promise<void> } = this.#app;
    await app.close(signal);
  }

  /** Leaves the application as it was found. */
  release(): void {
    this.#close.release();
    this.servers.release();
  }

  /** A microservice has no HTTP server, so that no address would help. */
  get #awaitsHttp(): boolean {
    return !isMicroservice(this.#app) && this.#lifecycles.some(({ awaitsHttp }) => awaitsHttp);
  }

  /** The hooks tell too: Nest's own handlers of signals run them without `app.close()`. */
  get #isEnding(): boolean {
    return this.#close.begun !== undefined || this.#lifecycles.some(({ isEnding }) => isEnding);
  }

  get #hooksEnded(): Promise<unknown> {
    return Promise.all(this.#lifecycles.map(({ ended }) => ended));
  }

  get #lifecycles(): readonly SidecarAgentLifecycle[] {
    const providers = [...this.#modules.values()].flatMap((module) => [...module.providers.values()]);
    const instances = providers.map((wrapper): unknown => wrapper.instance);
    return [...new Set(instances.filter((instance) => SidecarAgentLifecycle.isOne(instance)))];
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

function noListen(): SidecarAgentError {
  return new SidecarAgentError(
    'runtime_error',
    'nothing would open the HTTP port, and a service with protocol "http" is registered when it is open: give runSidecarApp the option listen, as in { listen: 3000 }',
  );
}

function noModule(): SidecarAgentError {
  return new SidecarAgentError(
    'runtime_error',
    'the application imports no SidecarAgentModule: import it, with enabled: false where there is no mesh',
  );
}
