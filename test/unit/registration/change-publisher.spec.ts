import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import type { Channel } from 'node:diagnostics_channel';
import { setImmediate } from 'node:timers/promises';
import { shutdownChannel, statusChannel } from '../../../lib/channels/sidecar-channels.js';
import type { SidecarShutdownMessage, SidecarStatusMessage } from '../../../lib/channels/sidecar-messages.js';
import { SidecarAgentError } from '../../../lib/errors/sidecar-agent.error.js';
import type { DrainOutcome } from '../../../lib/registration/drain-outcome.js';
import {
  initialState,
  type RegistrationState,
} from '../../../lib/registration/machine/registration-state.js';
import { ChangePublisher } from '../../../lib/registration/change-publisher.js';
import { InFlightCalls } from '../../../lib/in-flight/in-flight-calls.js';
import { NO_FACTS } from '../../../lib/status/registration-facts.js';
import { SidecarStatusService } from '../../../lib/status/sidecar-status.service.js';
import { NODE } from '../fixtures/fixtures.js';
import { ManualClock } from '../fixtures/manual-clock.js';

const STATE: RegistrationState = { ...initialState({ enabled: true, graceful: true }), node: NODE };
const NOT_TOLD: [string, RegistrationState][] = [
  ['that is turned off', { ...STATE, enabled: false }],
  ['that has not started', { ...STATE, node: null }],
];

/** Counts how often the status is read: every message of a change has it. */
class CountedStatus extends SidecarStatusService {
  reads = 0;

  override status() {
    this.reads += 1;
    return super.status();
  }
}

describe('what is published of a registration', () => {
  let status: CountedStatus;
  let publisher: ChangePublisher;
  let unsubscribe: () => void;

  beforeEach(() => {
    status = new CountedStatus(NO_FACTS, new InFlightCalls(new ManualClock()));
    publisher = new ChangePublisher(status);
    unsubscribe = () => {};
  });

  afterEach(() => unsubscribe());

  function listen<Message extends object>(channel: Channel<unknown, Message>): Message[] {
    const messages: Message[] = [];
    const listener = (message: unknown) => void messages.push(message as Message);
    channel.subscribe(listener);
    const before = unsubscribe;
    unsubscribe = () => {
      before();
      channel.unsubscribe(listener);
    };
    return messages;
  }

  const outcome = (lastCallAt: number | null, isCut = false, quietFor = 5_000): DrainOutcome => ({
    drain: { startedAt: 1_000, lastCallAt, callsSince: lastCallAt === null ? 0 : 3, quietFor },
    isCut,
  });

  it('builds no message of a change without subscribers', () => {
    publisher.changed(STATE);
    expect(status.reads).toBe(0);
  });

  it('tells of a change', () => {
    const messages: SidecarStatusMessage[] = listen(statusChannel);
    publisher.changed(STATE);
    expect(messages).toEqual([{ serviceName: 'auth', source: status, status: status.status() }]);
    expect(messages[0]?.source).toBe(status);
  });

  it.each(NOT_TOLD)('tells nothing of a module %s', (_which, state) => {
    const changes = listen(statusChannel);
    const shutdowns = listen(shutdownChannel.start);
    publisher.changed(state);
    publisher.leaves(state, Promise.resolve(), () => []);
    expect([changes, shutdowns]).toEqual([[], []]);
  });

  it('tells of a shutdown from its start to its end', async () => {
    const [starts, ends] = [listen(shutdownChannel.start), listen(shutdownChannel.asyncEnd)];
    const errors: SidecarAgentError[] = [];
    let end = () => {};
    const left = new Promise<void>((resolve) => (end = resolve));
    publisher.leaves(STATE, left, () => errors);
    const [message] = starts;
    expect(message).toMatchObject({ serviceName: 'auth', propagation: null, errors: [] });
    expect(message?.source).toBe(status);
    publisher.waited(outcome(3_500), STATE);
    errors.push(new SidecarAgentError('runtime_error', 'late'));
    expect(ends).toEqual([]);
    end();
    // After all that the end has caused.
    await setImmediate();
    expect(ends).toHaveLength(1);
    expect(ends[0]).toBe(message);
    expect([message?.propagation, message?.errors]).toEqual([2_500, errors]);
  });

  it('tells nothing as propagation if the agent did not accept the drain', () => {
    const starts: SidecarShutdownMessage[] = listen(shutdownChannel.start);
    publisher.leaves(STATE, new Promise(() => {}), () => []);
    publisher.waited(outcome(1_250), { drainFailed: true });
    expect(starts[0]?.propagation).toBeNull();
  });

  it.each<[string, DrainOutcome, number | null]>([
    ['the time to the last call', outcome(1_250), 250],
    ['nothing if no call arrived', outcome(null), null],
    ['nothing if calls went on until the bound', outcome(3_000, true, 10), null],
    ['the time to the last call if the bound cut a quiet', outcome(3_000, true, 2_000), 2_000],
  ])('tells %s as propagation', (_what, ofWait, expected) => {
    const starts: SidecarShutdownMessage[] = listen(shutdownChannel.start);
    publisher.leaves(STATE, new Promise(() => {}), () => []);
    publisher.waited(ofWait, STATE);
    expect(starts[0]?.propagation).toBe(expected);
  });
});
