import { instanceKey } from '../agent-page/view/instance-key.js';
import { printable } from './printable.js';
import { isRecord, propertyOf } from '../support/shape.js';

/** An instance as an agent lists it. What the agent does not tell is `-`. */
export interface HeldService {
  readonly name: string;
  readonly port: string;
  readonly state: string;
  readonly version: string;
  readonly weight: string;
  /** The number of methods. */
  readonly methods: string;
  /** The number of HTTP routes. */
  readonly routes: string;
  readonly instanceId: string;
  readonly appId: string;
  readonly dialect: string;
}

/**
 * Reads the answer to `GET /debug/services`: a list, or an object with one. An instance may have
 * the fields of its register, or the register itself as `request`. Older records of an instance,
 * which has registered again since, are left out.
 *
 * @returns `undefined` if it has no list
 */
export function readHeldServices(body: string): readonly HeldService[] | undefined {
  const answer = parsed(body);
  const inside = isRecord(answer) ? [answer.services, answer.data] : [answer];
  const list: unknown = inside.find((value) => Array.isArray(value));
  return Array.isArray(list) ? latestOf(list.map(readOne)) : undefined;
}

interface ListedService {
  readonly key: string;
  readonly service: HeldService;
}

function latestOf(records: readonly ListedService[]): HeldService[] {
  const isGone = ({ service }: ListedService) => service.state === 'Deregistered';
  const seen = new Set(records.filter((record) => !isGone(record)).map(({ key }) => key));
  const latest = records.filter((record) => {
    const isOlder = isGone(record) && seen.has(record.key);
    seen.add(record.key);
    return !isOlder;
  });
  return latest.map(({ service }) => service);
}

function readOne(entry: unknown): ListedService {
  const field = (...names: readonly string[]): unknown =>
    [entry, propertyOf(entry, 'request')]
      .flatMap((source) => names.map((name) => propertyOf(source, name)))
      .find((value) => value !== undefined && value !== null);
  const count = (name: string) => {
    const list = field(name);
    return Array.isArray(list) ? String(list.length) : '-';
  };
  // The public agent names no dialect, but its check at the registry.
  const dialect = field('dialect') ?? (field('lease_check_id') === undefined ? undefined : 'flat');
  const service: HeldService = {
    name: shown(field('name', 'service_name')),
    port: shown(field('port', 'server_port')),
    state: shown(field('state')),
    version: shown(field('version')),
    weight: shown(field('weight')),
    methods: count('methods'),
    routes: count('http_routes'),
    instanceId: shown(field('instance_id', 'app_instance_id')),
    appId: shown(field('app_id')),
    dialect: shown(dialect),
  };
  // An agent that tells no id knows the instance by its name and port.
  const key = instanceKey({ ...service, dialect: service.instanceId === '-' ? 'flat' : service.dialect });
  return { key, service };
}

function shown(value: unknown): string {
  return (typeof value === 'string' && value !== '') || typeof value === 'number'
    ? printable(String(value))
    : '-';
}

function parsed(body: string): unknown {
  try {
    return JSON.parse(body) as unknown;
  } catch {
    return undefined;
  }
}
