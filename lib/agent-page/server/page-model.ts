import type { AgentInstance } from '../../testing/agent-instance.js';
import type { EmbeddedAgent } from '../../testing/embedded-agent.js';
import type { AgentMoment } from '../moments/agent-moment.js';
import { RefusedServices } from '../moments/refused-services.js';
import { Timeline } from '../moments/timeline.js';
import { publicAgentWarnings, type RefusalWarning } from '../routes/public-agent-warnings.js';
import { instanceKey, instanceView, type InstanceView } from '../view/instance-view.js';
import type { FaultsView, MomentView, PageChange, PageState } from '../view/page-state.js';

/** The most deregistered instances that the page shows. */
const DEREGISTERED_LIMIT = 50;

const NO_WARNINGS: readonly RefusalWarning[] = [];

/** What the page last showed of an instance, and what it was made of. */
interface Shown {
  readonly instance: AgentInstance;
  readonly warnings: string;
  readonly view: InstanceView;
}

/** What the pages show of an agent, and what changes of it. */
export class PageModel {
  readonly #agent: EmbeddedAgent;
  readonly #hasChaos: boolean;
  readonly #timeline = new Timeline();
  readonly #refused = new RefusedServices();
  #shown: ReadonlyMap<string, Shown> = new Map();
  #streams = 0;
  #faults: FaultsView = { isSilent: false, armed: [] };
  #changed = { refused: false, faults: false };

  constructor(agent: EmbeddedAgent, hasChaos: boolean) {
    this.#agent = agent;
    this.#hasChaos = hasChaos;
  }

  /** Returns what the pages show, as {@link takeChange} last found it. */
  get state(): PageState {
    const { url, socketPath, dialect } = this.#agent;
    return {
      agent: { url, socketPath, dialect, hasChaos: this.#hasChaos },
      instances: [...this.#shown.values()].map(({ view }) => view),
      streams: this.#streams,
      faults: this.#faults,
      refused: this.#refused.views,
      moments: this.#timeline.moments,
    };
  }

  /** The ports of the services whose latest register was refused. */
  get refusedPorts(): readonly number[] {
    return this.#refused.ports;
  }

  /** Drops the refused services of a port on which nobody listens any more. */
  dropRefused(port: number): void {
    if (this.#refused.drop(port)) this.#changed.refused = true;
  }

  addMoment(moment: AgentMoment): MomentView {
    if (this.#refused.add(moment)) this.#changed.refused = true;
    return this.#timeline.add(moment);
  }

  setFaults(change: Partial<FaultsView>): void {
    this.#faults = { ...this.#faults, ...change };
    this.#changed.faults = true;
  }

  /** Looks at the agent, and returns what changed since the last look; `undefined` for nothing. */
  takeChange(): PageChange | undefined {
    const before = this.#shown;
    const now = this.#look();
    const { watchers } = this.#agent;
    const { refused, faults } = this.#changed;
    const instances = [...now].filter(([key, { view }]) => before.get(key)?.view !== view);
    const gone = [...before.keys()].filter((key) => !now.has(key));
    const change: PageChange = {
      ...(instances.length > 0 && { instances: instances.map(([, { view }]) => view) }),
      ...(gone.length > 0 && { gone }),
      ...(watchers !== this.#streams && { streams: watchers }),
      ...(refused && { refused: this.#refused.views }),
      ...(faults && { faults: this.#faults }),
    };
    this.#shown = now;
    this.#streams = watchers;
    this.#changed = { refused: false, faults: false };
    return Object.keys(change).length > 0 ? change : undefined;
  }

  #look(): ReadonlyMap<string, Shown> {
    const all = this.#agent.services();
    const held = all.filter(({ state }) => state !== 'Deregistered');
    const warningsOf = publicAgentWarnings(held, (key) => this.#agent.routeDocument(key));
    const shown = new Map<string, Shown>();
    for (const instance of all.slice(0, held.length + DEREGISTERED_LIMIT)) {
      const key = instanceKey(instance);
      // A deregistered instance whose service has registered again.
      if (shown.has(key)) continue;
      const warnings = warningsOf.get(instance) ?? NO_WARNINGS;
      shown.set(key, this.#show(key, instance, warnings));
    }
    return shown;
  }

  /** Returns the view of before if nothing of it has changed. */
  #show(key: string, instance: AgentInstance, warnings: readonly RefusalWarning[]): Shown {
    const before = this.#shown.get(key);
    const text = warnings.length > 0 ? JSON.stringify(warnings) : '';
    if (before?.instance === instance && before.warnings === text) return before;
    return { instance, warnings: text, view: instanceView(instance, warnings) };
  }
}
