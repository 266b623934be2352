import type { Dialect } from './wire-bodies.js';

/** Whom the wire protocol binds to something: every agent, those of one dialect, or nobody. */
export type Promised = 'all' | Dialect | 'nobody';

/** What a check came to. A `remark` judges nothing, whoever promised what. */
export interface Finding {
  readonly kind: 'held' | 'broken' | 'remark';
  /** What there was to see, in a few words. */
  readonly seen: string;
}

export interface Check<Session> {
  readonly title: string;
  readonly promised: Promised;
  /** Left out for agents of the other dialect. */
  readonly only?: Dialect;
  readonly run: (session: Session) => Finding | Promise<Finding>;
}

/** Checks that belong together. They run in order, and later ones build on what earlier ones did. */
export interface Topic<Session> {
  readonly name: string;
  readonly checks: readonly Check<Session>[];
}

/** A check has nothing to look at, since one before it failed. */
export class NothingToJudge extends Error {}

export const held = (seen: string): Finding => ({ kind: 'held', seen });
export const broken = (seen: string): Finding => ({ kind: 'broken', seen });
export const remark = (seen: string): Finding => ({ kind: 'remark', seen });

export function heldIf(condition: boolean, seen: string): Finding {
  return condition ? held(seen) : broken(seen);
}
