import * as v from 'valibot';
import type { GatewayManifestFault } from '../../errors/gateway-manifest.error.js';
import { formatJsonPath } from '../../support/json/json-path.js';
import { isRecord } from '../../support/shape.js';
import { kindOf, shown } from '../../support/text/describe-value.js';
import { GATEWAY_MANIFEST_SCHEMA } from './gateway-manifest.js';

/** White space around a text is removed, as Go does. A blank text stays, for the fault to show. */
const text = v.pipe(
  v.string('must be a string'),
  v.transform((value) => value.trim() || value),
);
/** Go writes a field that is not set as nothing, `null` or the empty string. */
const optionalText = v.pipe(
  v.nullish(text),
  v.transform((value) => value?.trim() || undefined),
);
const list = 'must be a list';
const object = 'must be an object';

/** The types of a service's fields. */
export const serviceSchema = v.looseObject({ name: text, methods: v.array(text, list) }, object);

/** The types of a route's fields. */
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

/** The known fields of the manifest itself (`''`), and of the entries of its lists. */
const FIELDS: Readonly<Record<string, readonly string[]>> = {
  '': Object.keys(manifestSchema.entries),
  services: Object.keys(serviceSchema.entries),
  routes: Object.keys(routeSchema.entries),
};

/** Finds every field that has the wrong type, is missing, or is unknown. */
export function shapeFaults(value: unknown): GatewayManifestFault[] {
  const result = v.safeParse(manifestSchema, value);
  const mistyped = (result.issues ?? []).map((issue) => ({
    path: formatJsonPath((issue.path ?? []).map(({ key }) => key as PropertyKey)),
    message: describe(issue),
  }));
  return [...mistyped, ...unknownFields(value, '', FIELDS[''])];
}

/**
 * Shows texts and flags, but not what lists and objects hold: it may be another file, with secrets.
 */
function describe({ type, message, input }: v.BaseIssue<unknown>): string {
  if (input === undefined) return 'is required';
  if (type === 'min_length') return `${message}, got an empty list`;
  const isOfField = type !== 'loose_object' && type !== 'array' && typeof input !== 'object';
  return `${message}, got ${isOfField ? shown(input) : kindOf(input)}`;
}

function unknownFields(value: unknown, path: string, known: readonly string[] = []): GatewayManifestFault[] {
  if (!isRecord(value)) return [];
  return Object.entries(value).flatMap(([name, inner]) => {
    const at = path === '' ? name : `${path}.${name}`;
    if (!known.includes(name)) {
      return [{ path: at, message: `unknown field: use ${known.join(', ')}` }];
    }
    if (path !== '' || !Array.isArray(inner)) return [];
    return inner.flatMap((each: unknown, index) => unknownFields(each, `${name}[${index}]`, FIELDS[name]));
  });
}
