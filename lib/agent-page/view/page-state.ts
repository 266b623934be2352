import type { AgentMoment, Refusal } from '../moments/agent-moment.js';
import type { InstanceView } from './instance-view.js';

/** The agent that a page belongs to. */
export interface AgentView {
  readonly url: string;
  readonly socketPath?: string;
  readonly dialect: string;
  /** Whether the page may let the agent fail. */
  readonly hasChaos: boolean;
}

/** What the page lets the agent do wrong at the moment. */
export interface FaultsView {
  /** Whether event streams get no heartbeats. */
  readonly isSilent: boolean;
  /** What will happen to the next calls: `/register: answered 503`. */
  readonly armed: readonly string[];
}

/** A moment of the timeline. Equal ones that follow each other are one. */
export interface MomentView extends AgentMoment {
  readonly id: number;
  /** How often it happened; `at` is the last time. */
  readonly count: number;
}

/** A service whose latest register was refused. */
export interface RefusedView {
  readonly key: string;
  readonly service?: string;
  readonly port?: number;
  readonly instanceId?: string;
  /** How often it was refused since it was last accepted. */
  readonly count: number;
  readonly at: string;
  readonly refusal: Refusal;
}

/** Everything that the page shows. */
export interface PageState {
  readonly agent: AgentView;
  readonly instances: readonly InstanceView[];
  readonly streams: number;
  readonly faults: FaultsView;
  readonly refused: readonly RefusedView[];
  /** Latest first. */
  readonly moments: readonly MomentView[];
}

/** What changed of it. A part that is absent is as it was. */
export interface PageChange {
  /** The instances that are new or have changed. */
  readonly instances?: readonly InstanceView[];
  /** The keys of instances that are gone. */
  readonly gone?: readonly string[];
  readonly streams?: number;
  readonly faults?: FaultsView;
  /** The services that were refused since, the latest first. */
  readonly refused?: readonly RefusedView[];
  /** The keys of services that are not refused any more. */
  readonly cleared?: readonly string[];
}

/** The events of the page's stream, and their data. */
export interface PageEventMap {
  snapshot: PageState;
  change: PageChange;
  moment: MomentView;
}

/** The most deregistered instances that the page shows. */
export const DEREGISTERED_LIMIT = 50;

/** The most moments that the page keeps. */
export const MOMENTS_LIMIT = 300;

/** Applies an event of the stream. */
export function applyEvent<K extends keyof PageEventMap>(
  state: PageState | undefined,
  event: K,
  data: PageEventMap[K],
): PageState | undefined {
  if (event === 'snapshot') return data as PageState;
  if (state === undefined) return undefined;
  if (event === 'moment') return { ...state, moments: withMoment(state.moments, data as MomentView) };
  const { instances = [], gone = [], refused = [], cleared = [], ...rest } = data as PageChange;
  return {
    ...state,
    ...rest,
    instances: merged(state.instances, instances, gone),
    refused: withRefused(state.refused, refused, cleared),
  };
}

function withRefused(
  present: readonly RefusedView[],
  refused: readonly RefusedView[],
  cleared: readonly string[],
): readonly RefusedView[] {
  const left = new Set([...cleared, ...refused.map(({ key }) => key)]);
  return [...refused, ...present.filter(({ key }) => !left.has(key))];
}

/** Adds a moment, in place of what it repeats. */
export function withMoment(moments: readonly MomentView[], moment: MomentView): readonly MomentView[] {
  return [moment, ...moments.filter(({ id }) => id !== moment.id)].slice(0, MOMENTS_LIMIT);
}

function merged(
  present: readonly InstanceView[],
  changed: readonly InstanceView[],
  gone: readonly string[],
): readonly InstanceView[] {
  const all = new Map(present.map((instance) => [instance.key, instance]));
  for (const key of gone) all.delete(key);
  for (const instance of changed) all.set(instance.key, instance);
  return [...all.values()];
}
