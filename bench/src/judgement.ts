import type { Figure, Goal } from './measurement.js';
import { differences, median, ratios } from './statistics.js';

/** A goal beside what was seen. */
export interface JudgedGoal {
  readonly goal: Goal;
  /** The medians' own: of the rounds' ratios or differences, or of the subject. */
  readonly seen: number;
  readonly reached: boolean;
}

/** A figure in short: medians, and whether its goals are reached. */
export interface Judgement {
  readonly baseline: number | null;
  readonly subject: number;
  /** The median of the rounds' ratios; `null` where the figure stands alone. */
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

/** What a goal speaks of, round by round. */
export function seenBy(goal: Goal, { baseline, subject }: Figure): readonly number[] {
  if (goal.of === 'subject') return subject;
  return goal.of === 'ratio' ? ratios(baseline, subject) : differences(baseline, subject);
}

/** How much of its bound a value takes: up to 1 where the goal is reached, above it where it is not. */
export function shareOfBound(goal: Goal, seen: number): number {
  if (goal.atLeast !== undefined) return goal.atLeast / seen;
  return seen / (goal.atMost ?? Infinity);
}

function reaches({ atLeast = -Infinity, atMost = Infinity }: Goal, seen: number): boolean {
  return seen >= atLeast && seen <= atMost;
}
