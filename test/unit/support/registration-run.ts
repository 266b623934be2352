import assert from 'node:assert/strict';
import type { SidecarAnswer } from '../../../lib/client/sidecar-client.js';
import type { ServiceNode } from '../../../lib/node/service-node.js';
import type { Dialect } from '../../../lib/protocol/dialect.js';
import type { RegistrationCommand, RegistrationEvent } from '../../../lib/registration/registration.event.js';
import {
  initialState,
  type Operation,
  phaseOf,
  type RegistrationRules,
  type RegistrationState,
  type Request,
} from '../../../lib/registration/registration.state.js';
import { transition } from '../../../lib/registration/registration.transition.js';
import { no, notRegistered, refusal, SILENCE, yes } from './registration-events.js';

/** Something that the world does: with calls, to the one in flight or to another. */
export type Move =
  | { readonly do: 'happen'; readonly event: RegistrationEvent }
  | { readonly do: 'request'; readonly operation: Request['operation'] }
  | { readonly do: 'answer'; readonly answer: SidecarAnswer; readonly off?: number }
  | { readonly do: 'fail'; readonly unknown: boolean; readonly off?: number }
  | { readonly do: 'quiet' };

interface Call {
  readonly id: number;
  readonly operation: Operation;
  readonly connection: number;
  readonly node: ServiceNode;
  readonly revision: number;
}

const NO_YES = new Set<string | undefined>(['Draining', 'Deregistered']);
const COUNTERS = [
  'disconnectCount',
  'registerReplayCount',
  'registerReplayFailureCount',
  'connection',
  'calls',
  'revision',
  'registeredRevision',
] as const;

/**
 * Plays the world around the machine: it keeps what the world can see by rules of its own, in the simplest way, and
 * expects of each step what the machine promises.
 */
export class RegistrationRun {
  state: RegistrationState;
  call: Call | null = null;
  quiescing = false;
  left = 0;
  readonly #rules: RegistrationRules;
  #node: ServiceNode | undefined;
  #connected = false;
  #connection = 0;
  #saidYes = false;
  #retrying = false;
  #leaving = false;
  #expired = false;
  /** Taken out by hand. */
  #held = false;
  #revision = 0;
  #watches = 0;
  #mayBeHeld = false;
  #lastSent: Operation | null = null;
  #streamDialect: Dialect | undefined;
  #dialect: Dialect | undefined;
  readonly #counts = { lost: 0, accepted: 0, failed: 0 };
  readonly #requests = new Map<Request, number>();

  /** Whether no register is wanted. */
  get #begun(): boolean {
    return this.#leaving || this.#held;
  }

  constructor(rules: RegistrationRules) {
    this.#rules = rules;
    this.state = initialState(rules);
  }

  /** Whether the world owes the machine anything: an answer, or a quiet. */
  get isOwing(): boolean {
    return this.call !== null || this.quiescing;
  }

  play(move: Move): void {
    switch (move.do) {
      case 'happen':
        return this.#happen(move.event);
      case 'request': {
        const request = { operation: move.operation };
        this.#requests.set(request, 0);
        return this.#happen({ type: 'requested', request });
      }
      case 'answer':
        return this.#happen(yes((this.call?.id ?? this.state.calls) + (move.off ?? 0), move.answer));
      case 'fail': {
        const id = (this.call?.id ?? this.state.calls) + (move.off ?? 0);
        const cause = move.unknown ? refusal(400) : SILENCE;
        return this.#happen(this.call?.operation === 'register' ? notRegistered(id, cause) : no(id, cause));
      }
      case 'quiet':
        if (!this.quiescing) return;
        this.quiescing = false;
        return this.#happen({ type: 'quiet' });
    }
  }

  #happen(event: RegistrationEvent): void {
    const before = freeze(this.state);
    const isMeant = 'call' in event ? event.call === this.call?.id : true;
    if (!this.left) this.#note(event, isMeant);
    const [after, commands] = transition(before, event);
    this.state = after;
    for (const command of commands) this.#carryOut(command);
    if (!isMeant) {
      assert.deepEqual(commands, [], 'what comes of another call calls for nothing');
      const { lastError, lastErrorAt, lastErrorKind } = after;
      assert.deepEqual(after, { ...before, lastError, lastErrorAt, lastErrorKind });
    }
    this.#check(before);
  }

  /** What the world sees of an event. */
  #note(event: RegistrationEvent, isMeant: boolean): void {
    switch (event.type) {
      case 'ready':
        if (this.#leaving || this.#node === event.node) return;
        if (this.#rules.enabled) this.#revision += 1;
        this.#node = event.node;
        return;
      case 'updated':
        if (this.#revision === 0 || this.#leaving) return;
        this.#revision += 1;
        this.#node = event.node;
        return;
      case 'connected':
        if (this.#connected) return;
        this.#connected = true;
        this.#connection += 1;
        return;
      case 'disconnected':
        if (this.#connected) this.#counts.lost += 1;
        this.#connected = false;
        this.#saidYes = false;
        this.#streamDialect = undefined;
        return;
      case 'retryDue':
        this.#retrying = false;
        return;
      case 'requested':
        this.#held ||= !this.#leaving;
        return;
      case 'resumed':
        // A yes from before counts no more.
        if (this.#held && !this.#leaving) this.#held = this.#saidYes = false;
        return;
      case 'leave':
        this.#leaving = true;
        return;
      case 'deadline':
        this.#expired ||= this.#leaving;
        return;
      case 'answered':
        return isMeant ? this.#answered(event.answer) : undefined;
      case 'failed':
        return isMeant ? this.#failed(event) : undefined;
      default:
        // The rest is nothing that the world would have to keep.
        return;
    }
  }

  #answered({ state, dialect }: SidecarAnswer): void {
    const { call } = this;
    this.call = null;
    this.#dialect = dialect ?? this.#dialect;
    if (call?.operation === 'deregister') this.#mayBeHeld = false;
    if (call?.operation !== 'register') return;
    const isCurrent = this.#connected && call.connection === this.#connection;
    if (NO_YES.has(state)) {
      if (isCurrent) this.#saidYes = false;
      return;
    }
    this.#counts.accepted += 1;
    if (!isCurrent) return;
    this.#saidYes = true;
    this.#streamDialect = dialect;
  }

  #failed({ error }: Extract<RegistrationEvent, { type: 'failed' }>): void {
    const { call } = this;
    this.call = null;
    if (call?.operation === 'deregister' && 'statusCode' in error) this.#mayBeHeld = false;
    if (call?.operation !== 'register') return;
    this.#counts.failed += 1;
    if (call.connection === this.#connection) this.#saidYes = false;
  }

  #carryOut(command: RegistrationCommand): void {
    if (command.type === 'settled') {
      const times = this.#requests.get(command.request);
      assert.equal(times, 0, 'a request is settled once');
      this.#requests.set(command.request, 1);
      return;
    }
    assert.equal(this.left, 0, 'nothing is done once it has left');
    switch (command.type) {
      case 'watch':
        this.#watches += 1;
        return;
      case 'confirm':
        assert(this.state.registered, 'only what is registered is confirmed');
        return;
      case 'register':
      case 'drain':
      case 'deregister':
        return this.#send(command);
      case 'retry':
        assert(
          !this.#retrying && !this.#begun && command.failures > 0,
          'one wait, for a register that is wanted',
        );
        this.#retrying = true;
        return;
      case 'cancelRetry':
        assert(this.#retrying, 'there is a wait to cancel');
        this.#retrying = false;
        return;
      case 'quiesce':
        assert(
          this.#leaving && this.#rules.graceful && !this.isOwing,
          'one wait for calls, and only to leave',
        );
        if (command.before === 'deregister') assert(this.#mayBeHeld, 'there is something to deregister');
        else assert(!this.#mayBeHeld || this.#lastSent === 'deregister', 'the last wait comes last');
        this.quiescing = true;
        return;
      case 'left':
        this.left += 1;
        this.call = null;
        this.#connected = false;
    }
  }

  #send(command: Extract<RegistrationCommand, { call: number }>): void {
    const { type, call, node, dialect } = command;
    assert(!this.isOwing, 'one call in flight');
    if (type === 'register') {
      assert(this.#node && this.#connected && !this.#begun, 'a register where it is wanted');
      this.#mayBeHeld = true;
    } else {
      assert(this.#mayBeHeld, 'there is something to take back');
    }
    assert.equal(dialect, type === 'register' ? this.#streamDialect : this.#dialect);
    assert.equal(node, this.#node, 'a call is made with the newest node');
    this.#lastSent = type;
    this.call = {
      id: call,
      operation: type,
      connection: this.#connection,
      node,
      revision: this.#revision,
    };
  }

  #check(before: RegistrationState): void {
    const { state, left } = this;
    assert.equal(state.phase, phaseOf(state));
    for (const counter of COUNTERS) assert(state[counter] >= before[counter], `${counter} never falls`);
    assert.deepEqual(
      {
        connected: state.connected,
        registered: state.registered,
        waiting: state.waiting,
        call: state.call,
        lost: state.disconnectCount,
        accepted: state.registerReplayCount,
        failed: state.registerReplayFailureCount,
      },
      {
        connected: this.#connected,
        registered: this.#connected && this.#saidYes && !this.#begun,
        waiting: this.#retrying,
        call: this.call,
        ...this.#counts,
      },
    );
    assert.equal(state.revision, this.#revision);
    if (this.#rules.enabled) assert.equal(state.node ?? undefined, this.#node);
    assert.equal(state.methodCount, state.node?.methods.length ?? null, 'the status tells of that node');
    if (state.registered && !this.call && !this.#retrying) {
      assert.equal(state.registeredRevision, this.#revision, 'what is registered is the newest');
    }
    assert.equal(this.#watches, this.#rules.enabled && this.#node ? 1 : 0, 'it watches from ready on');
    assert.equal(state.phase === 'stopped' ? 1 : 0, left, 'it leaves once, and is stopped then');
    if (left) return this.#checkLeft();
    this.#checkProgress();
  }

  #checkLeft(): void {
    assert(![...this.#requests.values()].includes(0), 'every request is settled');
    if (!this.#expired && this.#mayBeHeld) assert.equal(this.#lastSent, 'deregister', 'its last word');
  }

  /** Whatever is wanted is under way, or has been reached. */
  #checkProgress(): void {
    if (this.#leaving) assert(this.isOwing, 'a leave goes on');
    const open = [...this.#requests.values()].includes(0);
    if (open && !this.#leaving) assert(this.call, 'a request is under way');
    if (this.#begun || !this.#node || !this.#connected || !this.#rules.enabled) return;
    assert(this.state.registered || this.call || this.#retrying, 'a register is under way');
  }
}

/** The machine must not change what it was given. */
function freeze(state: RegistrationState): RegistrationState {
  for (const value of Object.values(state) as unknown[]) Object.freeze(value);
  return Object.freeze(state);
}
