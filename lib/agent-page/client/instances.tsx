import { useId, useState } from 'preact/hooks';
import { clockTime } from '../view/format.js';
import type { InstanceView } from '../view/instance-view.js';
import { Age } from './age.js';
import { InstanceDetails } from './instance-details.js';

interface InstancesProps {
  readonly instances: readonly InstanceView[];
  readonly caption: string;
}

const COLUMNS = [
  'Service',
  'State',
  'Port',
  'Version',
  'Weight',
  'Methods',
  'Routes',
  'Replays',
  'Last heard',
] as const;
const NUMBERS: ReadonlySet<string> = new Set(['Port', 'Weight', 'Methods', 'Routes', 'Replays']);

/** The columns that a narrow page leaves out: the details have them. So it is with `Last heard`. */
const WIDE: ReadonlySet<string> = new Set(['Weight', 'Methods', 'Routes', 'Replays']);

/** A table of instances. The name of each unfolds the rest. */
export function Instances({ instances, caption }: InstancesProps) {
  return (
    <table class="instances">
      <caption class="unseen">{caption}</caption>
      <thead>
        <tr>
          {COLUMNS.map((column) => (
            <th key={column} scope="col" class={classOf(column)}>
              {column}
            </th>
          ))}
        </tr>
      </thead>
      {instances.map((instance) => (
        <Instance key={instance.key} instance={instance} />
      ))}
    </table>
  );
}

function Instance({ instance }: { readonly instance: InstanceView }) {
  const [isOpen, setOpen] = useState(false);
  const { name, state, port, version, weight, methods, routes, replays, heardAt, warnings } = instance;
  const mark = warnings[0]?.mark;
  const id = useId();
  return (
    <tbody>
      <tr class={isOpen || mark !== undefined ? 'open' : undefined}>
        <th scope="row">
          <button
            type="button"
            class="unfold"
            aria-expanded={isOpen}
            aria-controls={id}
            onClick={() => setOpen(!isOpen)}
          >
            <span class="arrow" aria-hidden="true" />
            {name}
          </button>
        </th>
        <td>
          <span class={`state ${state}`}>{state}</span>
          {instance.drainDeadline !== undefined && (
            <span class="muted"> until {clockTime(instance.drainDeadline)}</span>
          )}
        </td>
        <td class="number">{port}</td>
        <td>{version}</td>
        <td class="number wide">{weight}</td>
        <td class="number wide">{methods.length}</td>
        <td class="number wide">{routes.length}</td>
        <td class="number wide">{replays}</td>
        <td class="heard" title={heardAt}>
          <Age at={heardAt} />
        </td>
      </tr>
      {mark !== undefined && (
        <tr class={isOpen ? 'mark open' : 'mark'}>
          <td colSpan={COLUMNS.length}>
            <span class="badge">{mark}</span>
          </td>
        </tr>
      )}
      <tr id={id} hidden={!isOpen} class="details">
        <td colSpan={COLUMNS.length}>{isOpen && <InstanceDetails instance={instance} />}</td>
      </tr>
    </tbody>
  );
}

function classOf(column: string): string {
  return [NUMBERS.has(column) && 'number', WIDE.has(column) && 'wide', column === 'Last heard' && 'heard']
    .filter(Boolean)
    .join(' ');
}
