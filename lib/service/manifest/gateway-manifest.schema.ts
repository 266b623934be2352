import * as v from 'valibot';
import type { GatewayManifestFault } from '../../errors/gateway-manifest.error.js';
import { kindOf, shown } from '../../support/text/describe-value.js';
import { GATEWAY_MANIFEST_SCHEMA } from './gateway-manifest.js';

const text = v.string('must be a string');
/** What Go writes for a field that was not set: nothing, null or the empty string. */
const optionalText = v.pipe(
  v.nullish(text),
  v.transform((value) => value || undefined),
);
const list = 'must be a list';
const object = 'must be an object';

/** A service, as to the types of its fields. */
export const serviceSchema = v.looseObject({ name: text, methods: v.array(text, list) }, object);

/** A route, as to the types of its fields. */
export const routeSchema = v.looseObject(
  {
    http_method: text,
    path: text,
    full_method: optionalText,
    upstream_path: optionalText,
    strip_prefix: v.nullish(v.boolean('must be true or false'), false),
  },
  object,
);

const manifestSchema = v.looseObject(
  {
    schema: v.literal(GATEWAY_MANIFEST_SCHEMA, `must be ${shown(GATEWAY_MANIFEST_SCHEMA)}`),
    services: v.pipe(v.array(serviceSchema, list), v.minLength(1, 'must hold at least one service')),
    routes: v.nullish(v.array(routeSchema, list)),
  },
  object,
);

/** The fields that are known, by where they stand. */
const FIELDS: Readonly<Record<string, readonly string[]>> = {
  '': Object.keys(manifestSchema.entries),
  services: Object.keys(serviceSchema.entries),
  routes: Object.keys(routeSchema.entries),
};

/** Every field that has another type than it must have, is missing, or is not known. */
export function shapeFaults(value: unknown): GatewayManifestFault[] {
  const result = v.safeParse(manifestSchema, value);
  const mistyped = (result.issues ?? []).map((issue) => ({
    path: pathOf(issue),
    message: describe(issue),
  }));
  return [...mistyped, ...unknownFields(value, '', FIELDS[''])];
}

/** Shows what a field of text or a flag holds, and nothing else: the path may be that of another file, which has secrets. */
function describe({ type, message, input }: v.BaseIssue<unknown>): string {
  if (input === undefined) return 'is required';
  if (type === 'min_length') return message;
  const isOfField = type !== 'loose_object' && type !== 'array' && typeof input !== 'object';
  return `${message}, not ${isOfField ? shown(input) : kindOf(input)}`;
}

function unknownFields(value: unknown, path: string, known: readonly string[] = []): GatewayManifestFault[] {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return [];
  return Object.entries(value).flatMap(([name, inner]: [string, unknown]) => {
    const at = path === '' ? name : `${path}.${name}`;
    if (!known.includes(name)) {
      return [{ path: at, message: 'is no field of a gateway manifest' }];
    }
    if (path !== '' || !Array.isArray(inner)) return [];
    return inner.flatMap((each: unknown, index) => unknownFields(each, `${name}[${index}]`, FIELDS[name]));
  });
}

/** `services[1].methods[0]` */
function pathOf({ path }: Pick<v.BaseIssue<unknown>, 'path'>): string {
  return (path ?? [])
    .map(({ key }) => (typeof key === 'number' ? `[${key}]` : `.${String(key)}`))
    .join('')
    .replace(/^\./, '');
}
