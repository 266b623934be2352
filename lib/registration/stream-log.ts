import { type AgentKind, SIDECAR_AGENT } from '../agent/connection/agent-kind.js';
import type { SidecarAgentError } from '../errors/sidecar-agent.error.js';
import { counted } from '../support/text/counted.js';
import { STABLE_AFTER } from '../support/timing/backoff.js';
import type { SidecarClock } from '../support/timing/sidecar-clock.js';
import { isMilestone, sentence } from './log-text.js';

/** Where the lines go. */
export interface LogLines {
  log(line: string): void;
  warn(line: string): void;
}

/**
 * Writes what becomes of the event stream. Streams that are lost soon after each other are logged
 * the 1st, 4th, 16th, 64th … time, and so are attempts that fail; then a line tells when a stream
 * is stable again.
 */
export class StreamLog {
  readonly #logger: LogLines;
  readonly #clock: SidecarClock;
  readonly #agent: string;
  readonly #kind: AgentKind;
  /** Streams in a row that were lost before they were stable. */
  #flaps = 0;
  /** Attempts since the last stream, its loss included. */
  #attempts = 0;
  #connectedAt?: number;
  #isQuiet = false;
  #cancelStable = () => {};

  /** @param agent the agent's address */
  constructor(logger: LogLines, clock: SidecarClock, agent: string, kind = SIDECAR_AGENT) {
    this.#logger = logger;
    this.#clock = clock;
    this.#agent = agent;
    this.#kind = kind;
  }

  /** Whether the lines of the stream that is open are left out, since they repeat. */
  get isQuiet(): boolean {
    return this.#isQuiet;
  }

  connected(): void {
    const failed = this.#attempts - (this.#connectedAt === undefined ? 0 : 1);
    const isRepeated = this.#flaps > 0 && !isMilestone(this.#flaps) && this.#attempts < 4;
    this.#isQuiet = isRepeated;
    this.#connectedAt = this.#clock.elapsed();
    this.#attempts = 0;
    if (!isRepeated)
      return this.#writeConnected(failed > 0 ? ` after ${counted(failed, 'failed attempt')}` : '');
    this.#cancelStable = this.#clock.after(STABLE_AFTER, () => {
      this.#isQuiet = false;
      this.#writeConnected(`, after ${counted(this.#flaps, this.#kind.stream)} that ended soon`);
    });
  }

  lost(error: SidecarAgentError, wasConnected: boolean): void {
    this.#cancelStable();
    if (wasConnected) this.#countFlap();
    this.#attempts += 1;
    const isRepeated = this.#attempts === 1 && this.#flaps > 0 && !isMilestone(this.#flaps);
    if (isRepeated || !isMilestone(this.#attempts)) return;
    const often = this.#attempts === 1 && this.#flaps > 1 ? ` (${this.#flaps} times in a row)` : '';
    this.#logger.warn(`${sentence(error.message)}${often}; reconnecting`);
  }

  /** Writes nothing any more. */
  stop(): void {
    this.#cancelStable();
  }

  #countFlap(): void {
    const lived = this.#clock.elapsed() - (this.#connectedAt ?? 0);
    this.#flaps = lived < STABLE_AFTER ? this.#flaps + 1 : 0;
  }

  #writeConnected(how: string): void {
    this.#logger.log(`Connected to the ${this.#kind.name} at ${this.#agent}${how}`);
  }
}
