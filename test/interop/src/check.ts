import type { Dialect } from './wire-bodies.js';

/** The agents for which the wire protocol promises something. */
export type Promised = 'all' | Dialect | 'none';

/** The result of a check. A `remark` is never a failure. */
export interface Finding {
  readonly kind: 'held' | 'broken' | 'remark';
  /** What the check saw, in a few words. */
  readonly seen: string;
}

export interface Check<Session> {
  readonly title: string;
  readonly promised: Promised;
  /** The check runs only for agents of this dialect. */
  readonly only?: Dialect;
  readonly run: (session: Session) => Finding | Promise<Finding>;
}

/** Checks that belong together. They run in order, and later ones depend on earlier ones. */
export interface Topic<Session> {
  readonly name: string;
  readonly checks: readonly Check<Session>[];
}

/** A check cannot run because one before it failed. */
export class NothingToJudge extends Error {}

export const held = (seen: string): Finding => ({ kind: 'held', seen });
export const broken = (seen: string): Finding => ({ kind: 'broken', seen });
export const remark = (seen: string): Finding => ({ kind: 'remark', seen });

export function heldIf(condition: boolean, seen: string): Finding {
  return condition ? held(seen) : broken(seen);
}
