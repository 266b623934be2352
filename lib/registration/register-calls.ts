import type { SidecarAnswer, SidecarClient } from '../agent/client/sidecar-client.js';
import { agentAt, agentKindOf } from '../agent/connection/agent-endpoint.js';
import { RegisterReplayError } from '../errors/register-replay.error.js';
import { SidecarAgentError } from '../errors/sidecar-agent.error.js';
import { SidecarConnectionError } from '../errors/sidecar-connection.error.js';
import type { SidecarClock } from '../support/timing/sidecar-clock.js';
import type { RegistrationCommand } from './machine/registration-command.js';
import type { RegistrationEvent } from './machine/registration-event.js';
import type { RegistrationState } from './machine/registration-state.js';
import { reassertDelay } from './reassert-delay.js';
import { registerFailure } from './register-failure.js';
import type { RegistrationSettings } from './registration-settings.js';

/** How often `requestTimeout` fits into the time limit of a register. */
const PATIENCE = 5;

/** The shortest time between two replays, in milliseconds. */
const REPLAY_DISTANCE = 100;

type RegisterCommand = Extract<RegistrationCommand, { type: 'register' }>;

/** What the registers are sent with. */
export interface RegisterParts {
  readonly settings: RegistrationSettings;
  readonly client: SidecarClient;
  readonly clock: SidecarClock;
}

/**
 * Sends registers: replays at a distance from each other, each with patience, since an agent that
 * walks a large catalog finishes what it began even if its client has gone; and again from time to
 * time.
 */
export class RegisterCalls {
  readonly #parts: RegisterParts;
  readonly #report: (event: RegistrationEvent) => void;
  readonly #state: () => RegistrationState;
  readonly #left: AbortSignal;
  #sentAt = -Infinity;
  /** How long the last accepted register took. */
  #took = 0;
  #inFlight?: number;
  #cancelReassert = () => {};
  #cancelLate = () => {};
  #cancelGiveUp = () => {};

  /**
   * @param state returns the current state of the machine
   * @param left aborts when the service has left the mesh
   */
  constructor(
    parts: RegisterParts,
    report: (event: RegistrationEvent) => void,
    state: () => RegistrationState,
    left: AbortSignal,
  ) {
    this.#parts = parts;
    this.#report = report;
    this.#state = state;
    this.#left = left;
    left.addEventListener('abort', () => this.#stop(), { once: true });
  }

  /** Sends a register, and reports what became of it. */
  async send(command: RegisterCommand): Promise<void> {
    const { call, node } = command;
    const { clock } = this.#parts;
    if (command.isReplay && !(await this.#keepDistance())) return this.#report({ type: 'unsent', call });
    try {
      const answer = await this.#register(command);
      this.#report({ type: 'answered', call, answer: answer ?? {} });
    } catch (thrown) {
      const error = registerFailure(SidecarAgentError.from(thrown), node, this.#state().cured);
      this.#report({ type: 'failed', call, error, at: clock.now() });
    }
  }

  /** Reports `reassertDue` after a while. */
  reassertLater(): void {
    const { clock, settings } = this.#parts;
    this.#cancelReassert();
    if (settings.reassertInterval === 0) return;
    const delay = reassertDelay(settings.reassertInterval, this.#took, clock.random());
    this.#cancelReassert = clock.after(delay, () => this.#report({ type: 'reassertDue' }));
  }

  /**
   * Reports the register in flight as failed if it has no answer so far in so many milliseconds: a
   * service that leaves has less patience.
   */
  giveUpWithin(milliseconds: number): void {
    const { clock, settings } = this.#parts;
    const call = this.#inFlight;
    this.#cancelGiveUp();
    if (call === undefined) return;
    this.#cancelGiveUp = clock.after(milliseconds, () => {
      const text = `${agentAt(settings.endpoint)} did not answer ${agentKindOf(settings.endpoint).registerCall} before the service left`;
      const cause = new SidecarConnectionError(settings.endpoint.origin, 'ETIMEDOUT', text);
      this.#report({ type: 'failed', call, error: new RegisterReplayError(cause), at: clock.now() });
    });
  }

  async #register({ call, node, dialect, undoesDrain }: RegisterCommand): Promise<SidecarAnswer | undefined> {
    const { client, clock, settings } = this.#parts;
    const { requestTimeout } = settings;
    this.#sentAt = clock.elapsed();
    this.#inFlight = call;
    const limit = PATIENCE * requestTimeout;
    this.#cancelLate = clock.after(requestTimeout, () =>
      this.#report({ type: 'late', call, waited: requestTimeout, limit }),
    );
    try {
      const answer = await client.register(node, { dialect, timeout: limit, undoesDrain });
      this.#took = clock.elapsed() - this.#sentAt;
      return answer;
    } finally {
      this.#inFlight = undefined;
      this.#cancelLate();
      this.#cancelGiveUp();
    }
  }

  #stop(): void {
    this.#cancelReassert();
    this.#cancelLate();
    this.#cancelGiveUp();
  }

  /** Returns whether the register is still wanted after the wait. */
  async #keepDistance(): Promise<boolean> {
    const { clock } = this.#parts;
    const rest = this.#sentAt + REPLAY_DISTANCE - clock.elapsed();
    if (rest <= 0) return true;
    await clock.sleep(rest, this.#left);
    const { leaving, wanted } = this.#state();
    return !leaving && wanted === 'registered';
  }
}
