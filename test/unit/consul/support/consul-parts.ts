import { ConsulAgent } from '../../../../lib/consul/consul-agent.js';
import { ConsulClient } from '../../../../lib/consul/consul-client.js';
import { ConsulEventSource } from '../../../../lib/consul/consul-event-source.js';
import type { ConsulOptions } from '../../../../lib/consul/consul-options.interface.js';
import { completeConsulOptions } from '../../../../lib/consul/consul-settings.js';
import { HeldInstance } from '../../../../lib/consul/held-instance.js';
import { prepareForConsul } from '../../../../lib/consul/prepare-for-consul.js';
import type { AgentEvent } from '../../../../lib/agent/protocol/connection-event.js';
import { resolveOptions } from '../../../../lib/options/resolve-options.js';
import type { SidecarAgentOptions } from '../../../../lib/options/sidecar-agent-options.interface.js';
import { SystemClock } from '../../../../lib/support/timing/sidecar-clock.js';
import { eventually } from '../../../support/eventually.js';
import { options as withDefaults } from '../../fixtures/fixtures.js';

/** A TTL that is too short for users: a test has three beats in 300 ms. */
const SHORT_TTL = 300;

/** The client and the event source, without a module around them. */
export class ConsulRun {
  readonly client: ConsulClient;
  readonly agent: ConsulAgent;
  readonly held = new HeldInstance();
  readonly events: AgentEvent[] = [];
  /** What the watch has ended with, if it has. */
  ended?: Promise<unknown>;
  readonly #source: ConsulEventSource;
  readonly #stop = new AbortController();

  constructor(
    options: Partial<SidecarAgentOptions>,
    variables: NodeJS.ProcessEnv = {},
    consul: ConsulOptions = {},
    clock = new SystemClock(),
    ttl = SHORT_TTL,
  ) {
    const prepare = (given: unknown) => prepareForConsul(given, consul, variables);
    const module = resolveOptions(withDefaults(options), [], prepare);
    this.agent = new ConsulAgent(module, clock);
    const settings = { ...completeConsulOptions(consul), ttl };
    const parts = { settings, agent: this.agent, held: this.held, clock, module };
    this.client = new ConsulClient(parts);
    this.#source = new ConsulEventSource(parts);
  }

  /** Starts to watch. */
  watch(onEvent: (event: AgentEvent) => void = () => {}): this {
    this.ended = this.#source
      .watch((event) => {
        this.events.push(event);
        onEvent(event);
      }, this.#stop.signal)
      .catch((thrown: unknown) => thrown);
    return this;
  }

  /** Waits until so many events have come. */
  async seen(count: number): Promise<void> {
    await eventually(() => this.events.length >= count);
  }

  /** The types of the events so far. */
  get types(): string[] {
    return this.events.map(({ type }) => type);
  }

  /** Ends the watch, and closes the connections. */
  async close(): Promise<void> {
    this.#stop.abort();
    await this.ended;
    await this.client.close();
  }
}
