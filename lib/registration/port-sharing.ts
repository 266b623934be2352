import cluster from 'node:cluster';
import type { Logger } from '@nestjs/common';
import { addressOf } from '../agent/connection/agent-endpoint.js';
import type { Dialect } from '../agent/protocol/dialect.js';
import type { SidecarClock } from '../support/timing/sidecar-clock.js';
import { messageOf } from '../support/text/describe-thrown.js';
import { PortWorkers } from '../workers/port-workers.js';
import { decodeHandOver, encodeHandOver, readDialect } from './hand-over.js';
import type { RegistrationEvent } from './machine/registration-event.js';
import { dialectOf, type RegistrationState } from './machine/registration-state.js';
import { goesOn } from './machine/shared-port.js';
import type { RegistrationSettings } from './registration-settings.js';

/** What the sharing of a port is told with. */
export interface PortSharingParts {
  readonly settings: Pick<RegistrationSettings, 'endpoint'>;
  readonly clock: SidecarClock;
  readonly logger: Logger;
}

/** Reports the other processes that serve the port of a registration as events. */
export class PortSharing {
  readonly #parts: PortSharingParts;
  readonly #report: (event: RegistrationEvent) => void;
  readonly #state: () => RegistrationState;
  readonly #workers: PortWorkers;

  /** @param state returns the current state of the machine */
  constructor(
    parts: PortSharingParts,
    report: (event: RegistrationEvent) => void,
    state: () => RegistrationState,
  ) {
    this.#parts = parts;
    this.#report = report;
    this.#state = state;
    this.#workers = new PortWorkers({
      counted: (count) => report({ type: 'workers', count }),
      recalled: () => report({ type: 'recalled' }),
      asked: (question, ofInstance) => this.#asked(question, ofInstance),
    });
  }

  /** Joins the processes that serve the port, before the first register. It never rejects. */
  async join(): Promise<void> {
    const { node } = this.#state();
    if (!node) return;
    const shared = {
      agent: addressOf(this.#parts.settings.endpoint),
      service: node.service.name,
      port: node.serverPort,
    };
    await this.#workers.join(shared, node.app.instanceId).catch((thrown: unknown) => {
      const line = `Cannot tell whether other processes serve port ${shared.port}: ${messageOf(thrown)}`;
      // A process that is alone works as well on a read-only file system.
      if (cluster.isWorker) this.#parts.logger.warn(`${line}; the first to leave may deregister all`);
      else this.#parts.logger.debug(line);
    });
  }

  /** Stops to be one of them, at the end. */
  close(): Promise<void> {
    return this.#workers.close();
  }

  /**
   * Leaves to those that go on what the agent holds, and reports them. In a leave, stops to be one
   * of them first.
   */
  async countRemaining(): Promise<void> {
    if (this.#state().leaving) await this.#workers.leave();
    const { holding, mayLand } = this.#state();
    const dialect = dialectOf(this.#state()) ?? undefined;
    const handedOver = holding === 'nothing' ? undefined : { dialect, mayLand };
    const { answers, ...remaining } = await this.#workers.ask((isSame) =>
      encodeHandOver(isSame || dialect !== 'node' ? handedOver : undefined),
    );
    // The drain was theirs as well: only a register brings the instance back into rotation.
    if (holding === 'draining' && remaining.onPort > 0) await this.recallOthers(dialect);
    const [known] = answers.flatMap((answer) => readDialect(answer) ?? []);
    this.#report({ type: 'remaining', remaining, dialect: known });
  }

  /**
   * Tells processes that have come since to register again, if the deregister was theirs as well.
   *
   * @param dialect with `node`, only processes with the same instance id are the same instance
   */
  recallOthers(dialect: Dialect | undefined): Promise<void> {
    return this.#workers.recall(dialect === 'node' ? 'of instance' : 'on port');
  }

  #asked(question: string, ofInstance: boolean): string | undefined {
    if (!goesOn(this.#state())) return undefined;
    const handedOver = decodeHandOver(question);
    if (handedOver) this.#report({ type: 'inherited', ofInstance, ...handedOver });
    return dialectOf(this.#state()) ?? 'unknown';
  }
}
