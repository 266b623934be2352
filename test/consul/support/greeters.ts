import { SidecarAgent } from '../../../lib/index.js';
import { consulProviders, type ConsulOptions } from '../../../lib/consul/index.js';
import { createGreeterApp, type GreeterApp, type GreeterOptions } from '../../support/greeter-app.js';
import { GreeterProcess, type GreeterSettings } from '../../support/greeter-process.js';
import { freePort } from '../../support/free-port.js';
import { CatalogWatch } from './catalog-watch.js';
import type { ConsulAgent } from './consul-agent.js';

/** Callers dial the greeter here: it listens on no other address. */
export const ADDRESS = '127.0.0.1';
/** So that the module hears of its Consul agent every second. */
export const TTL = '3s';

interface Settings {
  /** The name of the service, if the test has chosen it before. */
  readonly name?: string;
  /** More options of the module. */
  readonly sidecar?: GreeterOptions;
  readonly consul?: ConsulOptions;
}

const greeters: GreeterApp[] = [];
const watches: CatalogWatch[] = [];
const processes: GreeterProcess[] = [];
let names = 0;

/** A service name that no other test of this file has. */
export function newName(): string {
  return `greeter-${++names}`;
}

/** The id of an instance of the greeter in Consul. */
export function idOf(name: string, port: number): string {
  return `${name}-${ADDRESS}-${port}`;
}

/** A greeter in this process that listens, and registers at a Consul agent as soon as it can. */
export async function startGreeter(agent: ConsulAgent, settings: Settings = {}) {
  const { name = newName(), sidecar, consul } = settings;
  const greeter = await createGreeterApp('microservice', {
    service: { name },
    baseUrl: agent.url,
    providers: consulProviders({ address: ADDRESS, ttl: TTL, ...consul }),
    ...sidecar,
  });
  greeters.push(greeter);
  await greeter.listen();
  return { ...greeter, name, id: idOf(name, greeter.port), sidecar: greeter.app.get(SidecarAgent) };
}

/** A greeter that is registered, and its catalog entry passes at `server`. */
export async function startRegistered(agent: ConsulAgent, settings: Settings = {}, server = agent) {
  const greeter = await startGreeter(agent, settings);
  const watch = watchCatalog(server, greeter.name);
  await greeter.sidecar.registered();
  await watch.untilPassing(1);
  return { ...greeter, watch };
}

/** Watches a service until {@link endGreeters}. */
export function watchCatalog(agent: ConsulAgent, name: string): CatalogWatch {
  const watch = new CatalogWatch(agent.api, name);
  watches.push(watch);
  return watch;
}

type ProcessSettings = Omit<Settings, 'name'> &
  Partial<Pick<GreeterSettings, 'port' | 'environment' | 'managed'>>;

/**
 * A greeter in a process of its own, under `runSidecarApp` unless the settings say otherwise. It is
 * not registered yet.
 */
export async function spawnGreeter(agent: ConsulAgent, name: string, settings: ProcessSettings = {}) {
  const { sidecar, consul, port = await freePort(), ...more } = settings;
  const process = new GreeterProcess({
    port,
    shape: 'microservice',
    managed: true,
    sidecar: { service: { name }, baseUrl: agent.url, ...sidecar },
    consul: { address: ADDRESS, ttl: TTL, ...consul },
    ...more,
  });
  processes.push(process);
  return { process, port, id: idOf(name, port) };
}

/** Ends what the tests have started, at once. */
export async function endGreeters(): Promise<void> {
  for (const watch of watches.splice(0)) await watch.stop();
  for (const { app } of greeters.splice(0)) await app.close();
  for (const process of processes.splice(0)) await process.kill();
}
