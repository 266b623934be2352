import { PortProbe } from '../../testing/server/port-probe.js';

/** How long the services are left alone between two looks, in milliseconds. */
const INTERVAL = 1_000;

/** The refused services, as {@link EndedServices} works with them. */
export interface EndingServices {
  readonly hasRefused: boolean;
  readonly refusedPorts: readonly number[];
  /** Drops those of a port that was open and is closed. */
  dropRefused(port: number): void;
  /** Drops those that have stopped trying. */
  expireRefused(): void;
}

/**
 * Finds out that the process of a refused service has ended, which no call tells: its port was open
 * and is closed, or it does not try again. A port that never was open says nothing: the service may
 * listen on another address.
 */
export class EndedServices {
  readonly #services: EndingServices;
  readonly #onChange: () => void;
  readonly #open = new Set<number>();
  #timer: NodeJS.Timeout | undefined;

  /** @param onChange called when services may have been dropped */
  constructor(services: EndingServices, onChange: () => void) {
    this.#services = services;
    this.#onChange = onChange;
  }

  /** Looks at the services now and then, until there are none. */
  watch(): void {
    if (this.#timer !== undefined || !this.#services.hasRefused) return;
    this.#timer = setInterval(() => this.#look(), INTERVAL).unref();
    this.#look();
  }

  #look(): void {
    this.#services.expireRefused();
    this.#onChange();
    const ports = this.#services.refusedPorts;
    for (const port of this.#open) if (!ports.includes(port)) this.#open.delete(port);
    for (const port of ports) {
      new PortProbe(
        port,
        () => this.#open.add(port),
        () => {
          if (!this.#open.delete(port)) return;
          this.#services.dropRefused(port);
          this.#onChange();
        },
      ).attempt();
    }
    if (this.#services.hasRefused) return;
    clearInterval(this.#timer);
    this.#timer = undefined;
  }
}
