import { codeOf } from '../agent/connection/error-code.js';
import type { AgentDescription } from '../agent/protocol/connection-event.js';
import { SidecarApiError } from '../errors/sidecar-api.error.js';
import { boundedText } from '../support/text/bounded-text.js';
import type { ConsulAgent } from './consul-agent.js';

const SERVICE = 'consul';
const NO_ANSWER: AgentDescription = { service: SERVICE, ready: false, status: 'no answer' };

/** Describes a Consul agent by what its servers say. The agent itself works without them, too. */
export class ConsulServers {
  readonly #agent: ConsulAgent;
  #description = NO_ANSWER;
  #question?: Promise<void>;

  constructor(agent: ConsulAgent) {
    this.#agent = agent;
  }

  /** What the last answer has told. */
  get description(): AgentDescription {
    return this.#description;
  }

  /**
   * Asks the servers, and the agent itself if they are silent.
   *
   * @throws {SidecarApiError} if the agent refuses the call
   * @throws {SidecarConnectionError} if there is no agent
   */
  async ask(timeout: number, signal: AbortSignal): Promise<void> {
    try {
      await this.#askServers(timeout, signal);
    } catch (thrown) {
      const isSilent = codeOf(thrown) === 'ETIMEDOUT';
      if (!isSilent || !(await this.#agent.isThere({ timeout, signal }))) throw thrown;
      this.#description = NO_ANSWER;
    }
  }

  /**
   * Asks the servers beside the long polls, which tell whether the agent is there. Resolves with
   * the answer, whatever it is.
   */
  async askBeside(timeout: number, signal: AbortSignal): Promise<void> {
    this.#question ??= this.#askServers(timeout, signal)
      .catch((thrown: unknown) => {
        if (signal.aborted) return;
        this.#description = thrown instanceof SidecarApiError ? unready(thrown) : NO_ANSWER;
      })
      .finally(() => {
        this.#question = undefined;
      });
    await this.#question;
  }

  async #askServers(timeout: number, signal: AbortSignal): Promise<void> {
    try {
      const ready = await this.#agent.hasLeader({ timeout, signal });
      this.#description = { service: SERVICE, ready, status: ready ? 'ready' : 'no leader' };
    } catch (thrown) {
      if (!(thrown instanceof SidecarApiError) || thrown.statusCode < 500) throw thrown;
      this.#description = unready(thrown);
    }
  }
}

function unready({ reason, statusCode }: SidecarApiError): AgentDescription {
  const status = boundedText(reason, 64) || `status ${statusCode}`;
  return { service: SERVICE, ready: false, status };
}
