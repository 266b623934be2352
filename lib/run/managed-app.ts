import type { INestApplication, INestMicroservice } from '@nestjs/common';
import { ModulesContainer } from '@nestjs/core';
import { SidecarAgentError } from '../errors/sidecar-agent.error.js';
import { SidecarAgentLifecycle } from '../lifecycle/sidecar-agent.lifecycle.js';
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

  constructor(app: App) {
    this.#app = app;
    this.#modules = app.get(ModulesContainer);
    this.servers = new AppServers(app, this.#modules, () => this.#isEnding);
  }

  /** Resolves when somebody else has closed the application. */
  get ended(): Promise<unknown> {
    return Promise.all(this.#lifecycles.map(({ ended }) => ended));
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
    if (this.#isEnding || this.servers.closes) {
      await this.ended;
      return;
    }
    const app: { close(signal?: string): Promise<void> } = this.#app;
    await app.close(signal);
  }

  get #isEnding(): boolean {
    return this.#lifecycles.some(({ isEnding }) => isEnding);
  }

  get #lifecycles(): readonly SidecarAgentLifecycle[] {
    const providers = [...this.#modules.values()].flatMap((module) => [...module.providers.values()]);
    const instances = providers.map((wrapper): unknown => wrapper.instance);
    return [...new Set(instances.filter((instance) => instance instanceof SidecarAgentLifecycle))];
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

function noModule(): SidecarAgentError {
  return new SidecarAgentError(
    'runtime_error',
    'the application imports no SidecarAgentModule: import it, with enabled: false where there is no mesh',
  );
}
