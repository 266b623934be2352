import { useState } from 'preact/hooks';
import { CHAOS_PATHS, type ChaosPath } from '../view/chaos-command.js';
import type { SendChaos } from './send-chaos.js';

interface ChaosProps {
  readonly send: SendChaos;
  readonly isSilent: boolean;
  /** The names of the services that the agent holds. */
  readonly services: readonly string[];
  readonly failure?: string;
}

const STATUSES = [400, 404, 429, 500, 503] as const;
const DELAYS = [500, 2_000, 5_000, 20_000] as const;

/** The ways to let the agent fail. */
export function Chaos({ send, isSilent, services, failure }: ChaosProps) {
  return (
    <section class="panel chaos" aria-labelledby="chaos-title">
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
      {failure !== undefined && (
        <p role="alert" class="failure">
          {failure}
        </p>
      )}
    </section>
  );
}

function LoseService({ send, services }: Pick<ChaosProps, 'send' | 'services'>) {
  const [chosen, setChosen] = useState<string>();
  const service = services.find((name) => name === chosen) ?? services[0];
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
          {services.map((name) => (
            <option key={name}>{name}</option>
          ))}
        </select>
      </label>
      <button
        type="button"
        disabled={service === undefined}
        onClick={() => service !== undefined && send({ action: 'lose', service })}
      >
        Lose it
      </button>
    </div>
  );
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
