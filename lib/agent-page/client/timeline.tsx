import { useState } from 'preact/hooks';
import { clockTime } from '../view/format.js';
import type { MomentView } from '../view/page-state.js';

/** The events that are too frequent, or too small, to be read aloud. */
const SMALL = new Set(['again', 'serving', 'stream-opened', 'stream-closed']);

/** What happened to the agent, latest first. */
export function Timeline({ moments }: { readonly moments: readonly MomentView[] }) {
  const [isShort, setShort] = useState(false);
  const shown = isShort ? moments.filter(({ event }) => !SMALL.has(event)) : moments;
  const told = moments.find(({ event }) => !SMALL.has(event));
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
        {told && `${wordsOf(told.event)}: ${told.text}`}
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
  return (
    <li class={`moment ${refusal?.isProbe ? 'probe' : event}`}>
      <time dateTime={at}>{clockTime(at)}</time>
      <span class="event">{refusal?.isProbe ? 'other dialect' : wordsOf(event)}</span>
      <span class="text">
        {text}
        {count > 1 && <span class="count"> {count} times</span>}
        {refusal?.isProbe && <span class="detail">{refusal.advice?.meaning}</span>}
        {detail !== undefined && <span class="detail">{detail}</span>}
      </span>
    </li>
  );
}

function wordsOf(event: string): string {
  return event.replace('-', ' ');
}
