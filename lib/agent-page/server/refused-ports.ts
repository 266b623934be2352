import { PortProbe } from '../../testing/server/port-probe.js';

/** How long a port is left alone between two looks, in milliseconds. */
const INTERVAL = 1_000;

/** What {@link RefusedPorts} works with. */
export interface RefusedPortsContext {
  /** Returns the ports to look at. */
  readonly ports: () => readonly number[];
  /** Called when a port that was open is closed. */
  readonly onClosed: (port: number) => void;
}

/**
 * Finds out that the process of a refused service has ended, which no call tells: its port was open
 * and is closed. A port that never was open says nothing: the service may listen on another
 * address.
 */
export class RefusedPorts {
  readonly #context: RefusedPortsContext;
  readonly #open = new Set<number>();
  #timer: NodeJS.Timeout | undefined;

  constructor(context: RefusedPortsContext) {
    this.#context = context;
  }

  /** Looks at the ports now and then, until there are none. */
  watch(): void {
    if (this.#timer !== undefined || this.#context.ports().length === 0) return;
    this.#timer = setInterval(() => this.#look(), INTERVAL).unref();
    this.#look();
  }

  #look(): void {
    const ports = this.#context.ports();
    for (const port of this.#open) if (!ports.includes(port)) this.#open.delete(port);
    for (const port of ports) {
      new PortProbe(
        port,
        () => this.#open.add(port),
        () => this.#open.delete(port) && this.#context.onClosed(port),
      ).attempt();
    }
    if (ports.length > 0) return;
    clearInterval(this.#timer);
    this.#timer = undefined;
  }
}
