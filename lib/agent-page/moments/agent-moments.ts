import type { EmbeddedAgent } from '../../testing/embedded-agent.js';
import type { AgentExtension } from '../../testing/server/agent-extension.js';
import { isLost } from '../../testing/server/lost-instances.js';
import type { AgentMoment } from './agent-moment.js';
import { momentOfRefusal, momentOfReplay, momentOfStream, momentsOfInstance } from './moment-of.js';
import { refusalOf } from './refusal-of.js';
import { shortMoment } from './short-moment.js';

/** Tells what happens to an agent, moment by moment. */
export class AgentMoments implements Pick<AgentExtension, 'performed' | 'answered' | 'runningChanged'> {
  readonly #listeners = new Set<(moment: AgentMoment) => void>();
  readonly #agent: EmbeddedAgent;

  constructor(agent: EmbeddedAgent) {
    this.#agent = agent;
    agent.on('instance', (instance) => {
      for (const moment of momentsOfInstance(instance, isLost(instance))) this.publish(moment);
    });
    agent.on('watch', (change) => this.publish(momentOfStream(change, new Date())));
  }

  /** Calls the listener at each moment from now on. */
  listen(listener: (moment: AgentMoment) => void): void {
    this.#listeners.add(listener);
  }

  /** A replay is told of when it happens, and not after the delay of its answer. */
  readonly performed: AgentExtension['performed'] = ({ path }, { instance }) => {
    if (path === '/register' && instance) this.publish(momentOfReplay(instance));
  };

  readonly answered: AgentExtension['answered'] = (request, answer) => {
    const refusal = refusalOf(request, answer, (key) => this.#agent.routeDocument(key));
    if (refusal) this.publish(momentOfRefusal(request, refusal, new Date()));
  };

  readonly runningChanged: AgentExtension['runningChanged'] = (isRunning) => {
    const at = new Date().toISOString();
    const { url, dialect, socketPath } = this.#agent;
    const detail = `dialect ${dialect}${socketPath === undefined ? '' : `, socket ${socketPath}`}`;
    this.publish(
      isRunning
        ? { event: 'started', at, text: url, detail }
        : { event: 'stopped', at, text: 'the agent has forgotten all instances' },
    );
  };

  publish(moment: AgentMoment | undefined): void {
    if (moment === undefined) return;
    const short = shortMoment(moment);
    for (const listener of this.#listeners) listener(short);
  }
}
