import { filter, firstValueFrom, ReplaySubject, take, timeout, toArray } from 'rxjs';
import type { SidecarAgentError } from '../../../lib/errors/sidecar-agent.error.js';
import { WatchError } from '../../../lib/errors/watch.error.js';
import { resolveOptions } from '../../../lib/options/resolve-options.js';
import type { ResolvedOptions } from '../../../lib/options/resolved-options.js';
import type { SidecarAgentOptions } from '../../../lib/options/sidecar-agent-options.interface.js';
import type { ConnectionEvent } from '../../../lib/agent/protocol/connection-event.js';
import { HttpEventSource } from '../../../lib/agent/watch/http-event-source.js';
import { WatchService } from '../../../lib/agent/watch/watch.service.js';
import { BookedClock } from './booked-clock.js';

/** Checked options, with waits short enough for a test. */
export function shortOptions(more: Partial<SidecarAgentOptions>): ResolvedOptions {
  return resolveOptions({
    app: { id: '10001', name: 'greeter-center', env: 'test', version: 'v1.3.4' },
    service: { name: 'greeter' },
    serverPort: 10500,
    methods: ['/acme.greeter.v1.Greeter/Greet'],
    reconnectInterval: 20,
    maxReconnectInterval: 80,
    ...more,
  });
}

/** The watch loop over real sockets, without an application around it. */
export class WatchRun {
  readonly #events = new ReplaySubject<ConnectionEvent>();
  readonly options: ResolvedOptions;
  readonly service: WatchService;
  /** What connections have failed or ended with so far. */
  readonly ended: SidecarAgentError[] = [];

  constructor(
    more: Partial<SidecarAgentOptions>,
    readonly clock = new BookedClock(),
  ) {
    this.options = shortOptions(more);
    this.service = new WatchService(new HttpEventSource(this.options, clock), this.options, clock);
    this.service.events$.subscribe(this.#events);
    this.service.events$.subscribe((event) => {
      if (event.type === 'disconnected') this.ended.push(event.error);
    });
    this.service.start();
  }

  /** Waits until so many events of this type have come, since the start. */
  events<T extends ConnectionEvent['type']>(
    type: T,
    count = 1,
  ): Promise<Extract<ConnectionEvent, { type: T }>[]> {
    const wanted = (event: ConnectionEvent): event is Extract<ConnectionEvent, { type: T }> =>
      event.type === type;
    return firstValueFrom(this.#events.pipe(filter(wanted), take(count), toArray(), timeout(12_000)));
  }

  /** Waits until so many connections have failed or ended, and tells of what. */
  async drops(count: number): Promise<WatchError[]> {
    const events = await this.events('disconnected', count);
    return events.map(({ error }) => {
      if (error instanceof WatchError) return error;
      throw new Error(`no error of the watch: ${error.stack}`);
    });
  }

  /** Ends the loop, and every wait for what it would have told. */
  stop(): void {
    this.service.stop();
    this.#events.complete();
  }
}
