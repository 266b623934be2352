import { useId, useState } from 'preact/hooks';
import { clockTime } from '../view/format.js';
import type { InstanceView } from '../view/instance-view.js';
import { Age } from './age.js';
import { InstanceDetails } from './instance-details.js';
import { useUnheard } from './use-unheard.js';

interface InstancesProps {
  readonly instances: readonly InstanceView[];
  readonly caption: string;
  /** Whether one of the services has no event stream. */
  readonly isStreamMissing?: boolean;
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
export function Instances({ instances, caption, isStreamMissing = false }: InstancesProps) {
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
        <Instance key={instance.key} instance={instance} mayBeGone={isStreamMissing} />
      ))}
    </table>
  );
}

interface InstanceProps {
  readonly instance: InstanceView;
  readonly mayBeGone: boolean;
}

function Instance({ instance, mayBeGone }: InstanceProps) {
  const [isOpen, setOpen] = useState(false);
  const { name, state, port, version, weight, methods, routes, replays, heardAt, warnings } = instance;
  const isUnheard = useUnheard(heardAt, mayBeGone);
  const silence = `not heard of since ${clockTime(heardAt)}: its process may be gone`;
  const marks = [warnings[0]?.mark, isUnheard && silence].filter(Boolean);
  const id = useId();
  return (
    <tbody>
      <tr class={isOpen || marks.length > 0 ? 'open' : undefined}>
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
          <span class={`state ${isUnheard ? 'unheard' : state}`}>{instance.isLost ? 'Lost' : state}</span>
          {instance.drainDeadline !== undefined && (
            <span class="muted"> until {clockTime(instance.drainDeadline)}</span>
          )}
        </td>
        <td class="number">{port}</td>
        <td>
          <span class="version">{version}</span>
        </td>
        <td class="number wide">{weight}</td>
        <td class="number wide">{methods.length}</td>
        <td class="number wide">{routes.length || '-'}</td>
        <td class="number wide">{replays}</td>
        <td class="heard" title={heardAt}>
          <Age at={heardAt} />
        </td>
      </tr>
      {marks.length > 0 && (
        <tr class={isOpen ? 'mark open' : 'mark'}>
          <td colSpan={COLUMNS.length}>
            {marks.map((mark) => (
              <span key={mark} class="badge">
                {mark}
              </span>
            ))}
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
