import type { AgentInstance } from '../../testing/agent-instance.js';
import type { EmbeddedAgent } from '../../testing/embedded-agent.js';
import { isLost } from '../../testing/server/lost-instances.js';
import type { AgentMoment } from '../moments/agent-moment.js';
import { RefusedServices } from '../moments/refused-services.js';
import { Timeline } from '../moments/timeline.js';
import { publicAgentWarnings, type RefusalWarning } from '../routes/public-agent-warnings.js';
import type { ArmedFaults } from './armed-faults.js';
import { instanceKey } from '../view/instance-key.js';
import { instanceView, type InstanceView } from '../view/instance-view.js';
import {
  DEREGISTERED_LIMIT,
  type FaultsView,
  type MomentView,
  type PageChange,
  type PageState,
  type RefusedView,
} from '../view/page-state.js';

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
  readonly #armed: ArmedFaults;
  readonly #hasChaos: boolean;
  readonly #timeline = new Timeline();
  readonly #refused = new RefusedServices();
  #shown: ReadonlyMap<string, Shown> = new Map();
  #shownRefused: readonly RefusedView[] = [];
  #streams = 0;
  #faults: FaultsView = { isSilent: false, armed: [] };

  constructor(agent: EmbeddedAgent, armed: ArmedFaults, hasChaos: boolean) {
    this.#agent = agent;
    this.#armed = armed;
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
      refused: this.#shownRefused,
      moments: this.#timeline.moments,
    };
  }

  /** The ports of the services whose latest register was refused. */
  get refusedPorts(): readonly number[] {
    return this.#refused.ports;
  }

  /** Drops the refused services of a port on which nobody listens any more. */
  dropRefused(port: number): void {
    this.#refused.drop(port);
  }

  get hasRefused(): boolean {
    return this.#refused.views.length > 0;
  }

  /** Drops the refused services that have stopped trying. */
  expireRefused(): void {
    this.#refused.expire(Date.now());
  }

  addMoment(moment: AgentMoment): MomentView {
    this.#refused.add(moment);
    return this.#timeline.add(moment);
  }

  /** Looks at the agent, and returns what changed since the last look; `undefined` for nothing. */
  takeChange(): PageChange | undefined {
    const before = this.#shown;
    const now = this.#look();
    const { watchers } = this.#agent;
    const refused = this.#refused.views;
    const known = new Set(this.#shownRefused);
    const refusedNow = refused.filter((view) => !known.has(view));
    const keys = new Set(refused.map(({ key }) => key));
    const cleared = this.#shownRefused.map(({ key }) => key).filter((key) => !keys.has(key));
    const faults: FaultsView = { isSilent: this.#agent.isSilent, armed: this.#armed.texts };
    const instances = [...now].filter(([key, { view }]) => before.get(key)?.view !== view);
    const gone = [...before.keys()].filter((key) => !now.has(key));
    const change: PageChange = {
      ...(instances.length > 0 && { instances: instances.map(([, { view }]) => view) }),
      ...(gone.length > 0 && { gone }),
      ...(watchers !== this.#streams && { streams: watchers }),
      ...(refusedNow.length > 0 && { refused: refusedNow }),
      ...(cleared.length > 0 && { cleared }),
      ...(JSON.stringify(faults) !== JSON.stringify(this.#faults) && { faults }),
    };
    this.#shown = now;
    this.#streams = watchers;
    this.#shownRefused = refused;
    this.#faults = faults;
    return Object.keys(change).length > 0 ? change : undefined;
  }

  #look(): ReadonlyMap<string, Shown> {
    const all = this.#agent.services();
    const held = all.filter(({ state }) => state !== 'Deregistered');
    const warningsOf = publicAgentWarnings(held, (key) => this.#agent.routeDocument(key));
    const shown = new Map<string, Shown>();
    for (const instance of all) {
      if (shown.size === held.length + DEREGISTERED_LIMIT) break;
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
    const view = instanceView(instance, warnings, isLost(instance));
    return { instance, warnings: text, view };
  }
}
