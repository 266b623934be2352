import type { Figure, Goal } from './measurement.js';
import { differences, median, ratios } from './statistics.js';

/** A goal, and the measured value. */
export interface JudgedGoal {
  readonly goal: Goal;
  /** The median over all rounds: of the ratio, of the difference or of the subject. */
  readonly seen: number;
  readonly reached: boolean;
}

/** The summary of a figure: medians, and whether the goals are reached. */
export interface Judgement {
  readonly baseline: number | null;
  readonly subject: number;
  /** The median of the rounds' ratios; `null` if the figure has no baseline. */
  readonly ratio: number | null;
  readonly goals: readonly JudgedGoal[];
}

/** Judges a figure by its medians. */
export function judge(figure: Figure): Judgement {
  const alone = figure.baseline.length === 0;
  return {
    baseline: alone ? null : median(figure.baseline),
    subject: median(figure.subject),
    ratio: alone ? null : median(ratios(figure.baseline, figure.subject)),
    goals: figure.goals.map((goal) => {
      const seen = median(seenBy(goal, figure));
      return { goal, seen, reached: reaches(goal, seen) };
    }),
  };
}

/** Returns the values that a goal is about, one per round. */
export function seenBy(goal: Goal, { baseline, subject }: Figure): readonly number[] {
  if (goal.of === 'subject') return subject;
  return goal.of === 'ratio' ? ratios(baseline, subject) : differences(baseline, subject);
}

/** Returns a value as a share of its bound: up to 1 if the goal is reached, otherwise above 1. */
export function shareOfBound(goal: Goal, seen: number): number {
  if (goal.atLeast !== undefined) return goal.atLeast / seen;
  // A bound of 0 has no shares.
  return seen === 0 ? 0 : seen / (goal.atMost ?? Infinity);
}

function reaches({ atLeast = -Infinity, atMost = Infinity }: Goal, seen: number): boolean {
  return seen >= atLeast && seen <= atMost;
}
