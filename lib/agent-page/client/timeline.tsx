import { useState } from 'preact/hooks';
import { clockTime } from '../view/format.js';
import { eventWords, withoutOlderReplays } from '../view/moment-words.js';
import type { MomentView } from '../view/page-state.js';

/** The events that are too frequent, or too small, to be read aloud. */
const SMALL = new Set(['again', 'serving', 'stream-opened', 'stream-closed']);

/** What happened to the agent, latest first. */
export function Timeline({ moments }: { readonly moments: readonly MomentView[] }) {
  const [isShort, setShort] = useState(false);
  const shown = isShort ? moments.filter(({ event }) => !SMALL.has(event)) : withoutOlderReplays(moments);
  const announced = moments.find(({ event }) => !SMALL.has(event));
  return (
    <section class="panel timeline" aria-labelledby="timeline-title">
      <header>
        <h2 id="timeline-title">Timeline</h2>
        <label class="muted">
          <input
            type="checkbox"
            checked={isShort}
            onChange={({ currentTarget }) => setShort(currentTarget.checked)}
          />{' '}
          without replays and streams
        </label>
      </header>
      <p class="unseen" aria-live="polite">
        {announced && `${eventWords(announced)}: ${announced.text}`}
      </p>
      {shown.length === 0 && <p class="muted">Nothing has happened yet.</p>}
      {/* A list that scrolls must be reachable by keyboard. */}
      <ol tabIndex={0} aria-labelledby="timeline-title">
        {shown.map((moment) => (
          <Moment key={moment.id} moment={moment} />
        ))}
      </ol>
    </section>
  );
}

function Moment({ moment }: { readonly moment: MomentView }) {
  const { at, event, text, detail, count, refusal } = moment;
  // What has remedies is under Refused, or needs more room than there is here.
  const meaning = refusal?.advice?.remedies.length === 0 ? refusal.advice.meaning : undefined;
  return (
    <li class={`moment ${event}`}>
      <time dateTime={at}>{clockTime(at)}</time>
      <span class="event">{eventWords(moment)}</span>
      <span class="text">
        {text}
        {/* The detail of a replay is the number of them. */}
        {count > 1 && event !== 'again' && <span class="count"> {count} times</span>}
        {meaning !== undefined && <span class="detail">{meaning}</span>}
        {detail !== undefined && <span class="detail">{detail}</span>}
      </span>
    </li>
  );
}
