import { isIP } from 'node:net';
import * as v from 'valibot';
import type { OptionFault } from '../errors/invalid-options.error.js';
import { durationSchema } from '../options/duration.schema.js';
import { plainObject } from '../options/plain-object.schema.js';
import { schemaFaults } from '../support/schema/schema-faults.js';
import { isObject, isRecord, propertyOf } from '../support/shape.js';
import type { ConsulOptions } from './consul-options.interface.js';
import { META } from './consul-service.js';
import { completeConsulOptions, type ConsulSettings } from './consul-settings.js';

/** The most bytes of a value of Meta. */
export const LONGEST_VALUE = 512;

/** The most entries of Meta. */
const MOST_ENTRIES = 64;

/** The fields of a service that the module sets, and what sets them. */
const SET_BY_MODULE: Readonly<Record<string, string>> = {
  ID: 'the name, the address and the port',
  Name: 'the option service.name of the module',
  Address: 'the option address',
  Port: 'the port that the server listens on',
  Weights: 'the option service.weight of the module',
  Namespace: 'the header x-consul-namespace, with the option headers of the module',
};

const address = v.custom(
  (value) =>
    typeof value === 'string' &&
    (isIP(value) > 0 ? !/^[0.:]+$/.test(value) : /^[\w-]+(\.[\w-]+)*$/.test(value)),
  'must be an IP address that callers can dial or a host name, without a scheme or a port',
);

const meta = v.pipe(
  plainObject,
  v.rawCheck(({ dataset, addIssue }) => {
    if (!dataset.typed) return;
    const { value: input } = dataset;
    for (const [key, value] of Object.entries(input)) {
      const fault = metaFault(key, value);
      if (fault) addIssue({ ...fault, path: [{ type: 'object', origin: 'value', input, key, value }] });
    }
    const all = new Set([...META.map(([key]) => key), ...Object.keys(input)]);
    const most = `${MOST_ENTRIES - META.length} entries beside the ${META.length} of the module`;
    if (all.size > MOST_ENTRIES) addIssue({ message: `must have at most ${most}` });
  }),
);

const schema = v.object({
  address: v.optional(address),
  ttl: v.optional(durationSchema('code', { atLeast: 1_000 })),
  portCheck: v.optional(durationSchema('code', { atLeast: 1_000 })),
  reapAfter: v.optional(durationSchema('code', { atLeast: 60_000 })),
  service: v.optional(
    v.pipe(
      plainObject,
      v.looseObject({
        Tags: v.optional(v.array(v.string('must be a string'), 'must be a list')),
        Meta: v.optional(meta),
        Checks: v.optional(v.array(plainObject, 'must be a list')),
      }),
    ),
  ),
});

/** Returns every fault of the options of `consulProviders`. */
export function consulOptionFaults(options: unknown): OptionFault[] {
  const wording = { whole: 'consulProviders', above: 'consulProviders.', unknown: 'unknown option' };
  if (isObject(options) && !v.is(plainObject, options)) return schemaFaults(plainObject, options, wording);
  const faults = [...schemaFaults(schema, options, wording), ...fieldFaults(propertyOf(options, 'service'))];
  return faults.length > 0 ? faults : reapFaults(completeConsulOptions(options as ConsulOptions));
}

/** An instance that is silent for less than its TTL is not critical yet. */
function reapFaults({ ttl, reapAfter }: ConsulSettings): OptionFault[] {
  if (ttl <= reapAfter) return [];
  const message = `must not be longer than reapAfter, ${reapAfter} ms, got ${ttl} ms`;
  return [{ path: 'consulProviders.ttl', message }];
}

/** `input` is what the message shows. */
function metaFault(key: string, value: unknown): { message: string; input: unknown } | undefined {
  if (!/^(?!consul-)[\w-]{1,128}$/.test(key)) {
    const form = 'at most 128 letters, digits, "-" and "_" that does not start with "consul-"';
    return { message: `must have a key of ${form}`, input: key };
  }
  if (/^agent_(run_)?id$/.test(key)) {
    return { message: 'must be left out: a sidecar-agent deregisters what has its id', input: value };
  }
  const own = META.find(([name]) => name === key);
  if (own) {
    const setBy = own[1] ? `the option ${own[1]} of the module` : 'the module';
    return { message: `must be left out: it is set by ${setBy}`, input: value };
  }
  const isText = typeof value === 'string' && Buffer.byteLength(value) <= LONGEST_VALUE;
  return isText ? undefined : { message: `must be a string of at most ${LONGEST_VALUE} bytes`, input: value };
}

/** Consul takes fields in any case, and with underscores. */
function fieldFaults(service: unknown): OptionFault[] {
  if (!isRecord(service)) return [];
  const known = [...Object.keys(SET_BY_MODULE), 'Tags', 'Meta', 'Checks'];
  return Object.keys(service).flatMap((name) => {
    const field = known.find((one) => one.toLowerCase() === name.replaceAll('_', '').toLowerCase());
    const path = `consulProviders.service.${name}`;
    const setBy = SET_BY_MODULE[field ?? ''];
    if (setBy) return [{ path, message: `must be left out: it is set by ${setBy}` }];
    return field && field !== name ? [{ path, message: `must be written ${field}` }] : [];
  });
}
