import { shutdownChannel, statusChannel } from '../channels/sidecar-channels.js';
import type { SidecarShutdownMessage } from '../channels/sidecar-messages.js';
import type { SidecarAgentError } from '../errors/sidecar-agent.error.js';
import type { SidecarStatusService } from '../status/sidecar-status.service.js';
import { callsGoOn, type DrainOutcome } from './drain-outcome.js';
import type { RegistrationState } from './machine/registration-state.js';

/**
 * Tells the channels of `node:diagnostics_channel` of the changes of a registration and of the
 * shutdown. It builds no message if nothing has subscribed.
 */
export class ChangePublisher {
  readonly #source: SidecarStatusService;
  #propagation: number | null = null;

  constructor(source: SidecarStatusService) {
    this.#source = source;
  }

  /** The registration has changed, and its status is published. */
  changed({ enabled, node }: RegistrationState): void {
    if (!enabled || !node || !statusChannel.hasSubscribers) return;
    const source = this.#source;
    statusChannel.publish({ serviceName: node.service.name, source, status: source.status() });
  }

  /**
   * The service begins to leave the mesh.
   *
   * @param left resolves when it has left
   * @param errors returns the errors of the leave so far
   */
  leaves(
    { enabled, node }: RegistrationState,
    left: Promise<void>,
    errors: () => readonly SidecarAgentError[],
  ): void {
    if (!enabled || !node || !shutdownChannel.hasSubscribers) return;
    const propagation = () => this.#propagation;
    const message: SidecarShutdownMessage = {
      serviceName: node.service.name,
      source: this.#source,
      get propagation() {
        return propagation();
      },
      get errors() {
        return errors();
      },
    };
    void shutdownChannel.tracePromise(() => left, message);
  }

  /** The wait for routers is over. Its end tells nothing if the agent did not accept the drain. */
  waited(outcome: DrainOutcome, { drainFailed }: Pick<RegistrationState, 'drainFailed'>): void {
    const { lastCallAt, startedAt } = outcome.drain;
    const isUnknown = drainFailed || lastCallAt === null || callsGoOn(outcome);
    this.#propagation = isUnknown ? null : lastCallAt - startedAt;
  }
}
