import { useState } from 'preact/hooks';
import { CHAOS_PATHS, type ChaosPath } from '../view/chaos-command.js';
import type { FaultsView } from '../view/page-state.js';
import type { ChaosFailure, SendChaos } from './send-chaos.js';

interface ChaosProps {
  readonly send: SendChaos;
  readonly faults: FaultsView;
  /** The services that the agent holds, and how many instances of each. */
  readonly services: ReadonlyMap<string, number>;
  /** Whether the agent is gone, so that nothing can be asked of it. */
  readonly isGone: boolean;
  /** Shown unless the command is one of another panel. */
  readonly failure?: ChaosFailure;
}

const STATUSES = [400, 404, 429, 500, 503] as const;
const DELAYS = [500, 2_000, 5_000, 20_000] as const;

/** The ways to let the agent fail. */
export function Chaos({ send, faults: { isSilent, armed }, services, failure, isGone }: ChaosProps) {
  return (
    <section class="panel" aria-labelledby="chaos-title">
      <fieldset class="chaos" disabled={isGone}>
        <h2 id="chaos-title">Let the agent fail</h2>
        <div class="row">
          <button type="button" onClick={() => send({ action: 'restart' })}>
            Restart
          </button>
          <button type="button" onClick={() => send({ action: 'drop-streams' })}>
            Drop streams
          </button>
          <button
            type="button"
            aria-pressed={isSilent}
            onClick={() => send({ action: isSilent ? 'unsilence' : 'silence' })}
          >
            {isSilent ? 'Silent: end it' : 'Go silent'}
          </button>
        </div>
        <LoseService send={send} services={services} />
        <NextCall send={send} />
        {armed.length > 0 && <p class="warn">Waits for the next call of {armed.join('; ')}</p>}
        {failure && failure.command.action !== 'forget-routes' && (
          <p role="alert" class="failure">
            {failure.text}
          </p>
        )}
      </fieldset>
    </section>
  );
}

function LoseService({ send, services }: Pick<ChaosProps, 'send' | 'services'>) {
  const [chosen, setChosen] = useState<string>();
  // What was chosen stays, even if it is lost: a second click must not lose another service.
  const service = chosen ?? [...services.keys()][0];
  const isHeld = service !== undefined && services.has(service);
  const names = new Set([...services.keys(), ...(service === undefined ? [] : [service])]);
  const lose = () => {
    if (service === undefined) return;
    setChosen(service);
    send({ action: 'lose', service });
  };
  return (
    <div class="row">
      <label>
        Registration of{' '}
        <select
          disabled={service === undefined}
          value={service}
          onChange={({ currentTarget }) => setChosen(currentTarget.value)}
        >
          {service === undefined && <option>no service</option>}
          {[...names].sort().map((name) => (
            <option key={name} value={name}>
              {optionText(name, services.get(name))}
            </option>
          ))}
        </select>
      </label>
      <button type="button" disabled={!isHeld} onClick={lose}>
        Lose it
      </button>
    </div>
  );
}

function optionText(name: string, instances: number | undefined): string {
  if (instances === undefined) return `${name}, not held`;
  return instances === 1 ? name : `${name}, ${instances} instances`;
}

function NextCall({ send }: Pick<ChaosProps, 'send'>) {
  const [path, setPath] = useState<ChaosPath>('/register');
  const [status, setStatus] = useState<number>(503);
  const [milliseconds, setMilliseconds] = useState<number>(2_000);
  return (
    <div class="rows">
      <label>
        Next{' '}
        <select value={path} onChange={({ currentTarget }) => setPath(currentTarget.value as ChaosPath)}>
          {CHAOS_PATHS.map((each) => (
            <option key={each}>{each}</option>
          ))}
        </select>
      </label>
      <div class="row">
        <select
          aria-label="Status of the answer"
          value={status}
          onChange={({ currentTarget }) => setStatus(Number(currentTarget.value))}
        >
          {STATUSES.map((each) => (
            <option key={each}>{each}</option>
          ))}
        </select>
        <button type="button" onClick={() => send({ action: 'fail-next', path, status })}>
          Refuse it
        </button>
        <select
          aria-label="Delay of the answer"
          value={milliseconds}
          onChange={({ currentTarget }) => setMilliseconds(Number(currentTarget.value))}
        >
          {DELAYS.map((each) => (
            <option key={each} value={each}>
              {each / 1_000} s
            </option>
          ))}
        </select>
        <button type="button" onClick={() => send({ action: 'delay-next', path, milliseconds })}>
          Delay it
        </button>
      </div>
    </div>
  );
}
