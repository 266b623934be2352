import { seenBy, shareOfBound } from '../judgement.js';
import type { Result } from '../results.js';
import { describeGoal, number } from './format.js';

const ROW = 24;
const TOP = 64;
const LABELS = 330;
const AXIS = 460;
const WIDTH = LABELS + AXIS + 150;
/** The ends of the logarithmic axis. */
const LEAST = 1 / 64;
const GREATEST = 4;

/**
 * Renders every goal on one axis, as a share of its bound: a dot for each round, a bar for their
 * median. Left of the line at 1 the goal is reached, for upper and lower bounds.
 */
export function renderPlot(results: readonly Result[], caption: string): string {
  const rows = results.flatMap((result) => result.goals.map((judged) => ({ result, judged })));
  const bottom = TOP + rows.length * ROW;
  const marks = [1 / 64, 1 / 16, 1 / 4, 1, 4];
  return [
    `<svg xmlns="http://www.w3.org/2000/svg" width="${WIDTH}" height="${bottom + 44}" font-family="sans-serif" font-size="12">`,
    `<rect width="100%" height="100%" fill="#fff"/>`,
    text(12, 22, 'Each figure as a share of its bound; left of 1 the goal is reached', 'font-size="15"'),
    text(12, 40, caption, 'fill="#666"'),
    ...marks.map(
      (share) =>
        `<path d="M${x(share)} ${TOP - 8}V${bottom}" stroke="${share === 1 ? '#c0392b' : '#ddd'}"/>` +
        text(
          x(share),
          bottom + 16,
          share < 1 ? `1/${1 / share}` : String(share),
          'text-anchor="middle" fill="#666"',
        ),
    ),
    ...rows.map(({ result, judged: { goal, seen, reached } }, row) => {
      const y = TOP + row * ROW + ROW / 2;
      const colour = reached ? '#2d7f5e' : '#c0392b';
      const each = seenBy(goal, { ...result, ...result.rounds, goals: [] });
      return [
        text(LABELS - 12, y + 4, `${result.id}, ${describeGoal(goal, result.unit)}`, 'text-anchor="end"'),
        `<rect x="${LABELS}" y="${y - 5}" width="${round(x(shareOfBound(goal, seen)) - LABELS)}" height="10" fill="${colour}" fill-opacity=".35"/>`,
        ...each.map(
          (value) => `<circle cx="${x(shareOfBound(goal, value))}" cy="${y}" r="2.5" fill="${colour}"/>`,
        ),
        text(LABELS + AXIS + 12, y + 4, `${number(seen)}${goal.of === 'ratio' ? '' : ` ${result.unit}`}`),
      ].join('\n');
    }),
    '</svg>\n',
  ].join('\n');
}

/** Returns the position of a share; a share outside the axis is drawn at its end. */
function x(share: number): number {
  const bounded = Math.min(GREATEST, Math.max(LEAST, share));
  return round(LABELS + (AXIS * Math.log(bounded / LEAST)) / Math.log(GREATEST / LEAST));
}

function text(left: number, top: number, words: string, more = ''): string {
  const escaped = words.replaceAll('&', '&amp;').replaceAll('<', '&lt;');
  return `<text x="${left}" y="${top}"${more && ' '}${more}>${escaped}</text>`;
}

function round(value: number): number {
  return Math.round(value * 10) / 10;
}
