import { useState } from 'preact/hooks';
import { ageText } from '../view/format.js';
import type { RefusedView } from '../view/page-state.js';
import { AdviceText } from './advice-text.js';
import { Differences } from './differences.js';
import type { SendChaos } from './send-chaos.js';

interface RefusedProps {
  readonly refused: readonly RefusedView[];
  readonly now: number;
  /** Absent if the page may not let the agent fail. */
  readonly send?: SendChaos;
}

/** The services whose latest register was refused, and why. */
export function Refused({ refused, now, send }: RefusedProps) {
  const [dismissed, setDismissed] = useState<Readonly<Record<string, RefusedView>>>({});
  const shown = refused.filter((view) => !isSameRefusal(dismissed[view.key], view));
  const hidden = refused.length - shown.length;
  if (shown.length === 0 && hidden === 0) return null;
  if (shown.length === 0) return <Dismissed count={hidden} show={() => setDismissed({})} />;
  return (
    <section class="panel refused" aria-labelledby="refused-title">
      <h2 id="refused-title">Refused</h2>
      {shown.map((view) => (
        <RefusedService
          key={view.key}
          view={view}
          now={now}
          send={send}
          dismiss={() => setDismissed({ ...dismissed, [view.key]: view })}
        />
      ))}
      {hidden > 0 && <Dismissed count={hidden} show={() => setDismissed({})} />}
    </section>
  );
}

/** The service tries again and again: that alone does not bring back what was dismissed. */
function isSameRefusal(dismissed: RefusedView | undefined, { count, refusal }: RefusedView): boolean {
  if (dismissed === undefined || count < dismissed.count) return false;
  return JSON.stringify(dismissed.refusal) === JSON.stringify(refusal);
}

function Dismissed({ count, show }: { readonly count: number; readonly show: () => void }) {
  return (
    <p class="hint muted">
      {count} {count === 1 ? 'refused service is' : 'refused services are'} dismissed.{' '}
      <button type="button" class="quiet" onClick={show}>
        Show
      </button>
    </p>
  );
}

interface RefusedServiceProps {
  readonly view: RefusedView;
  readonly now: number;
  readonly send?: SendChaos;
  readonly dismiss: () => void;
}

function RefusedService({ view, now, send, dismiss }: RefusedServiceProps) {
  const { service, port, count, at, refusal } = view;
  const name = service ?? 'A register without a name';
  const isConflict = refusal.reason === 'route document conflict';
  return (
    <article class="refusal">
      <header>
        <h3>
          {name}
          {port !== undefined && <span class="muted"> on port {port}</span>}
        </h3>
        <span class="muted">
          {count === 1 ? 'once' : `${count} times`}, {count === 1 ? '' : 'the latest '}
          {ageText(at, now)}
        </span>
        <button type="button" class="quiet" onClick={dismiss} aria-label={`Dismiss the refusal of ${name}`}>
          Dismiss
        </button>
      </header>
      <p class="reason">
        <code>{refusal.status}</code> <code>{refusal.reason}</code>
      </p>
      <Differences differences={refusal.differences ?? []} />
      {refusal.advice && <AdviceText advice={refusal.advice} />}
      {isConflict && send && service !== undefined && (
        <p>
          <button type="button" onClick={() => send({ action: 'forget-routes', service })}>
            Delete the route document of {service}
          </button>{' '}
          <span class="muted">
            It is what the key in Consul is elsewhere, and stays over Restart. The next register of {service}{' '}
            publishes its own routes.
          </span>
        </p>
      )}
    </article>
  );
}
