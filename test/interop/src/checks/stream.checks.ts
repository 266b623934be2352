import { type Topic, broken, held, heldIf, remark } from '../check.js';
import type { WatchSession } from '../watch.session.js';
import type { WatchStream } from '../watch.stream.js';

/** Milliseconds after which a silent stream is dead: three missed heartbeats. */
const LONGEST_SILENCE = 15_000;
const USUAL_BEAT = 5_000;

/** The state of the first stream after all other checks. */
export const streamTopic: Topic<WatchSession> = {
  name: 'stream',
  checks: [
    {
      title: 'it is never silent for more than 15 s',
      promised: 'all',
      run: async ({ connectedStream: stream, stop }) => {
        await stream.untilSigns(2, LONGEST_SILENCE - silence(stream), stop);
        const beat = stream.signs[1];
        if (!beat) return broken(stream.ended ?? `none within ${LONGEST_SILENCE} ms`);
        const longest = longestSilence(stream);
        const slow = longest > USUAL_BEAT * 1.2 ? ', slower than the usual 5 s' : '';
        return heldIf(longest <= LONGEST_SILENCE, `${beat.event} after ${seconds(longest)}${slow}`);
      },
    },
    {
      title: 'it stays open during all checks',
      promised: 'all',
      run: ({ connectedStream: stream }) =>
        stream.ended === undefined
          ? held(`${seconds(performance.now() - stream.openedAt)}`)
          : broken(stream.ended),
    },
    {
      title: 'frames keep the rules of event streams',
      promised: 'all',
      run: ({ connectedStream: { faults, signs, skippedLines } }) => {
        if (faults.length > 0) return broken(faults.join(', '));
        const skipped = skippedLines.length === 0 ? '' : `, a line that readers skip: ${skippedLines[0]}`;
        return held(`${signs.length} frames and comments${skipped}`);
      },
    },
    {
      title: 'ids count up',
      promised: 'none',
      run: ({ connectedStream: { events } }) => {
        const ids = events.map(({ frame }) => frame?.id ?? '').filter((id) => id !== '');
        return remark(ids.length === 0 ? 'no ids' : `ids ${ids.slice(0, 5).join(', ')}`);
      },
    },
  ],
};

function silence({ signs, openedAt }: WatchStream): number {
  return performance.now() - (signs.at(-1)?.at ?? openedAt);
}

function longestSilence({ signs }: WatchStream): number {
  const gaps = signs.slice(1).map(({ at }, index) => at - (signs[index]?.at ?? at));
  return Math.max(0, ...gaps);
}

function seconds(milliseconds: number): string {
  return `${(milliseconds / 1_000).toFixed(1)} s`;
}
