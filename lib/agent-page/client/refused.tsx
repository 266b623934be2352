import { useState } from 'preact/hooks';
import type { RefusedView } from '../view/page-state.js';
import { Age } from './age.js';
import { AdviceText } from './advice-text.js';
import { Differences } from './differences.js';
import type { SendChaos } from './send-chaos.js';

interface RefusedProps {
  readonly refused: readonly RefusedView[];
  /** Absent if the page may not let the agent fail. */
  readonly send?: SendChaos;
}

/** The services whose latest register was refused, and why. */
export function Refused({ refused, send }: RefusedProps) {
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
  readonly send?: SendChaos;
  readonly dismiss: () => void;
}

function RefusedService({ view, send, dismiss }: RefusedServiceProps) {
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
          <Age at={at} />
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
            This agent keeps it in memory, also over Restart. The next register of {service} then publishes
            its own routes.
          </span>
        </p>
      )}
    </article>
  );
}
