import { useState } from 'preact/hooks';
import type { ChaosCommand } from '../view/chaos-command.js';
import { baseUrlLine, variableLine } from '../view/format.js';
import { countNames, heldInstances, isHeld } from '../view/held-instances.js';
import type { InstanceView } from '../view/instance-view.js';
import type { PageState } from '../view/page-state.js';
import { Chaos } from './chaos.js';
import { Copyable } from './copyable.js';
import { Instances } from './instances.js';
import { Refused } from './refused.js';
import { sendChaos } from './send-chaos.js';
import { Timeline } from './timeline.js';
import { useAgent } from './use-agent.js';
import { useLasting } from './use-lasting.js';

/** How long the agent must be gone before the page takes it for gone: longer than a restart. */
const GONE_AFTER = 2_000;

/** How long a service may take from its stream to its register, in milliseconds. */
const UNREGISTERED_AFTER = 3_000;

/** The page. */
export function App() {
  const { state, isLive } = useAgent();
  if (!state) return <p class="waiting">{isLive ? 'Loading' : 'Connecting to the agent'} …</p>;
  return <AgentView state={state} isLive={isLive} />;
}

function AgentView({ state, isLive }: { readonly state: PageState; readonly isLive: boolean }) {
  const [failure, setFailure] = useState<string>();
  const send = (command: ChaosCommand) => void sendChaos(command).then(setFailure);
  const isGone = useLasting(!isLive, GONE_AFTER);
  const held = heldInstances(state.instances);
  const { hasChaos } = state.agent;
  return (
    <>
      <Header state={state} isLive={isLive} />
      <main class={isLive ? undefined : 'stale'}>
        <div class="column">
          <Refused refused={state.refused} send={hasChaos ? send : undefined} />
          <Held state={state} held={held} />
          <Gone gone={state.instances.filter((instance) => !isHeld(instance))} />
        </div>
        <div class="column">
          {hasChaos ? (
            <Chaos
              send={send}
              faults={state.faults}
              services={countNames(held)}
              failure={failure}
              isGone={isGone}
            />
          ) : (
            <p class="hint muted">
              Start the agent with <code>--chaos</code> to let it fail from this page.
            </p>
          )}
          <Timeline moments={state.moments} />
        </div>
      </main>
    </>
  );
}

function Header({ state, isLive }: { readonly state: PageState; readonly isLive: boolean }) {
  const { url, socketPath, dialect } = state.agent;
  return (
    <header class="top">
      <h1>Sidecar agent</h1>
      <Copyable text={url} label="the address of the agent" />
      {socketPath !== undefined && <Copyable text={socketPath} label="the path of the socket" />}
      <ul class="facts-line">
        <li>dialect {dialect}</li>
        {isLive && (
          <li>
            {state.streams} {state.streams === 1 ? 'open stream' : 'open streams'}
          </li>
        )}
        {isLive && state.faults.isSilent && <li class="warn">silent: no heartbeats</li>}
        <li>
          <span role="status" class={isLive ? 'live' : 'warn'}>
            {isLive ? 'live' : 'the agent is gone: connecting'}
          </span>
        </li>
      </ul>
    </header>
  );
}

interface HeldProps {
  readonly state: PageState;
  readonly held: readonly InstanceView[];
}

function Held({ state: { agent, streams, refused }, held }: HeldProps) {
  const others = streams - held.length - refused.length;
  const unknown = useLasting(others > 0, UNREGISTERED_AFTER) ? others : 0;
  return (
    <section class="panel" aria-labelledby="instances-title">
      <header>
        <h2 id="instances-title">Instances</h2>
        {held.length > 0 && <Copyable text={baseUrlLine(agent.url)} label="the option baseUrl" />}
      </header>
      {held.length > 0 ? (
        <Instances instances={held} caption="Instances that the agent holds" />
      ) : (
        <div class="empty">
          <p>No service is registered. Start one with this option of the module, or this variable:</p>
          <p>
            <Copyable text={baseUrlLine(agent.url)} label="the option baseUrl" />
          </p>
          <p>
            <Copyable text={variableLine(agent.url)} label="the variable" />
          </p>
        </div>
      )}
      {unknown > 0 && (
        <p class="muted">
          {unknown === 1
            ? '1 open stream is of a service that has'
            : `${unknown} open streams are of services that have`}{' '}
          not registered. The log of the service says why.
        </p>
      )}
    </section>
  );
}

function Gone({ gone }: { readonly gone: readonly InstanceView[] }) {
  if (gone.length === 0) return null;
  return (
    <details class="panel">
      <summary>
        {gone.length} {gone.length === 1 ? 'deregistered instance' : 'deregistered instances'}
      </summary>
      <Instances instances={gone} caption="Deregistered instances" />
    </details>
  );
}
