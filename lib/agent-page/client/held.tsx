import { baseUrlLine, variableLine } from '../view/format.js';
import type { InstanceView } from '../view/instance-view.js';
import type { PageState } from '../view/page-state.js';
import { hasMissingStream } from '../view/unheard.js';
import { unregisteredStreams } from '../view/unregistered-streams.js';
import { Copyable } from './copyable.js';
import { Instances } from './instances.js';
import { useLasting } from './use-lasting.js';

/** How long a service may take from its stream to its register, in milliseconds. */
const UNREGISTERED_AFTER = 3_000;

interface HeldProps {
  readonly state: PageState;
  readonly held: readonly InstanceView[];
}

/** The instances that the agent holds, and the streams of services that it does not hold. */
export function Held({ state, held }: HeldProps) {
  const { url } = state.agent;
  const others = unregisteredStreams(state, held);
  const unknown = useLasting(others.unknown > 0, UNREGISTERED_AFTER) ? others.unknown : 0;
  return (
    <section class="panel" aria-labelledby="instances-title">
      <header>
        <h2 id="instances-title" tabIndex={-1}>
          Instances
        </h2>
        {held.length > 0 && <Copyable text={baseUrlLine(url)} label="the option baseUrl" />}
      </header>
      {held.length > 0 ? (
        <Instances
          instances={held}
          caption="Instances that the agent holds"
          isStreamMissing={hasMissingStream(state, held)}
        />
      ) : (
        <div class="empty">
          <p>No service is registered. Start one with this option of the module, or this variable:</p>
          <p>
            <Copyable text={baseUrlLine(url)} label="the option baseUrl" />
          </p>
          <p>
            <Copyable text={variableLine(url)} label="the variable" />
          </p>
        </div>
      )}
      {others.lost > 0 && (
        <p class="muted">
          {streamsText(others.lost, 'was lost', 'were lost')}. The module registers again after its
          reassertInterval (30s by default) at most.
        </p>
      )}
      {unknown > 0 && (
        <p class="muted">
          {streamsText(unknown, 'has not registered', 'have not registered')}. The log of the service says
          why.
        </p>
      )}
    </section>
  );
}

function streamsText(count: number, one: string, several: string): string {
  return count === 1
    ? `1 open stream is of a service that ${one}`
    : `${count} open streams are of services that ${several}`;
}
