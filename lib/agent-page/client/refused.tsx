import type { RefusedView } from '../view/page-state.js';
import { Age } from './age.js';
import { AdviceText } from './advice-text.js';
import { Differences } from './differences.js';
import type { ChaosFailure, SendChaos } from './send-chaos.js';
import { useDismissed } from './use-dismissed.js';
import { useKeptFocus } from './use-kept-focus.js';

interface ChaosOfRefused {
  /** Absent if the page may not let the agent fail. */
  readonly send?: SendChaos;
  readonly failure?: ChaosFailure;
  /** Whether the agent is gone, so that nothing can be asked of it. */
  readonly isGone: boolean;
}

interface RefusedProps extends ChaosOfRefused {
  readonly refused: readonly RefusedView[];
}

/** The services whose latest register was refused, and why. */
export function Refused({ refused, ...chaos }: RefusedProps) {
  const { isDismissed, dismiss, showAll } = useDismissed(refused);
  const place = useKeptFocus<HTMLDivElement>('instances-title');
  const shown = refused.filter((view) => !isDismissed(view));
  const hidden = refused.length - shown.length;
  return (
    <div class="refused-place" ref={place}>
      {shown.length > 0 && (
        <section class="panel refused" aria-labelledby="refused-title">
          <h2 id="refused-title">Refused</h2>
          {shown.map((view) => (
            <RefusedService key={view.key} view={view} dismiss={() => dismiss(view)} {...chaos} />
          ))}
        </section>
      )}
      {hidden > 0 && <Dismissed count={hidden} show={showAll} />}
    </div>
  );
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

interface RefusedServiceProps extends ChaosOfRefused {
  readonly view: RefusedView;
  readonly dismiss: () => void;
}

function RefusedService({ view, dismiss, send, failure, isGone }: RefusedServiceProps) {
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
          <button type="button" disabled={isGone} onClick={() => send({ action: 'forget-routes', service })}>
            Delete the route document of {service}
          </button>{' '}
          <span class="muted">
            This agent keeps it in memory, also over Restart. The next register of {service} then publishes
            its own routes.
          </span>
        </p>
      )}
      {failure?.command.action === 'forget-routes' && failure.command.service === service && (
        <p role="alert" class="failure">
          {failure.text}
        </p>
      )}
    </article>
  );
}
