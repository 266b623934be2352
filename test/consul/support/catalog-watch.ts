import { eventually } from '../../support/eventually.js';
import type { CatalogEntry, ConsulApi } from './consul-api.js';

/** What routers do with an instance: they call those that pass. */
export type Health = 'passing' | 'warning' | 'critical' | 'maintenance';

/** What the catalog said from a moment on. */
export interface Sight {
  /** As `performance.now()`. */
  readonly at: number;
  /** By the id of the instance. */
  readonly health: Readonly<Record<string, Health>>;
}

/**
 * Follows a service in the catalog by blocking queries, as routers do, and keeps every change. So a
 * test can tell what never happened.
 */
export class CatalogWatch {
  /** Each sight differs from the one before. */
  readonly sights: Sight[] = [];
  /** The instances as the last answer had them. */
  entries: readonly CatalogEntry[] = [];
  readonly #api: ConsulApi;
  readonly #service: string;
  readonly #stop = new AbortController();
  readonly #ended: Promise<void>;
  #index = '0';

  constructor(api: ConsulApi, service: string) {
    this.#api = api;
    this.#service = service;
    this.#ended = this.#run();
  }

  get last(): Sight {
    return this.sights.at(-1) ?? { at: 0, health: {} };
  }

  /** The ids of the instances that pass. */
  get passing(): string[] {
    return passing(this.last);
  }

  /** Waits until the last sight is as wanted, and returns it. */
  async until(wanted: (sight: Sight) => boolean, within = 15_000): Promise<Sight> {
    await eventually(() => this.sights.length > 0 && wanted(this.last), within).catch(() => {
      throw new Error(`not within ${within} ms: ${wanted.toString()}, but ${JSON.stringify(this.sights)}`);
    });
    return this.last;
  }

  /** Waits until so many instances pass. */
  untilPassing(count: number, within?: number): Promise<Sight> {
    return this.until((sight) => passing(sight).length === count, within);
  }

  async stop(): Promise<void> {
    this.#stop.abort();
    await this.#ended;
  }

  async #run(): Promise<void> {
    while (!this.#stop.signal.aborted) {
      try {
        await this.#ask();
      } catch {
        // The server is away, or the watch was stopped.
        this.#index = '0';
        await new Promise((resolve) => setTimeout(resolve, 20));
      }
    }
  }

  async #ask(): Promise<void> {
    const path = `health/service/${this.#service}?index=${this.#index}&wait=30s`;
    const response = await this.#api.send('GET', path, undefined, this.#stop.signal);
    this.entries = (await response.json()) as CatalogEntry[];
    this.#index = response.headers.get('x-consul-index') ?? '0';
    const health = Object.fromEntries(this.entries.map((entry) => [entry.Service.ID, healthOf(entry)]));
    if (JSON.stringify(health) !== JSON.stringify(this.sights.at(-1)?.health)) {
      this.sights.push({ at: performance.now(), health });
    }
  }
}

function passing({ health }: Sight): string[] {
  return Object.keys(health).filter((id) => health[id] === 'passing');
}

function healthOf({ Checks }: CatalogEntry): Health {
  if (Checks.some(({ CheckID }) => CheckID.startsWith('_service_maintenance:'))) return 'maintenance';
  const worst = (['critical', 'warning'] as const).find((status) =>
    Checks.some(({ Status }) => Status === status),
  );
  return worst ?? 'passing';
}
