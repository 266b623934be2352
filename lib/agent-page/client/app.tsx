import { useState } from 'preact/hooks';
import type { ChaosCommand } from '../view/chaos-command.js';
import { countNames, heldInstances, isHeld } from '../view/held-instances.js';
import type { InstanceView } from '../view/instance-view.js';
import { DEREGISTERED_LIMIT, type PageState } from '../view/page-state.js';
import { Chaos } from './chaos.js';
import { Copyable } from './copyable.js';
import { Held } from './held.js';
import { Instances } from './instances.js';
import { Refused } from './refused.js';
import { type ChaosFailure, sendChaos } from './send-chaos.js';
import { Timeline } from './timeline.js';
import { useAgent } from './use-agent.js';
import { useLasting } from './use-lasting.js';

/** How long the agent must be gone before the page takes it for gone: longer than a restart. */
const GONE_AFTER = 2_000;

/** The page. */
export function App() {
  const { state, isLive } = useAgent();
  if (!state) return <p class="waiting">{isLive ? 'Loading' : 'Connecting to the agent'} …</p>;
  return <AgentView state={state} isLive={isLive} />;
}

function AgentView({ state, isLive }: { readonly state: PageState; readonly isLive: boolean }) {
  const [failure, setFailure] = useState<ChaosFailure>();
  const send = (command: ChaosCommand) => void sendChaos(command).then(setFailure);
  const isGone = useLasting(!isLive, GONE_AFTER);
  const held = heldInstances(state.instances);
  const { hasChaos } = state.agent;
  return (
    <>
      <Header state={state} isLive={isLive} />
      <main class={isLive ? undefined : 'stale'}>
        <div class="column">
          <Refused
            refused={state.refused}
            send={hasChaos ? send : undefined}
            failure={failure}
            isGone={isGone}
          />
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

function Gone({ gone }: { readonly gone: readonly InstanceView[] }) {
  if (gone.length === 0) return null;
  const lost = gone.filter(({ isLost }) => isLost).length;
  const latest = gone.length === DEREGISTERED_LIMIT ? 'The latest ' : '';
  return (
    <details class="panel">
      <summary>
        {latest}
        {gone.length} {gone.length === 1 ? 'deregistered instance' : 'deregistered instances'}
        {lost > 0 && `, ${lost === gone.length ? '' : `${lost} of them `}lost`}
      </summary>
      <Instances instances={gone} caption="Deregistered instances" />
    </details>
  );
}
