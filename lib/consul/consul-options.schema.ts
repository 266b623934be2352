import { isIP } from 'node:net';
import * as v from 'valibot';
import type { OptionFault } from '../errors/invalid-options.error.js';
import { plainObject } from '../options/plain-object.schema.js';
import { schemaFaults } from '../support/schema/schema-faults.js';
import { readDuration } from '../support/timing/duration.js';
import { messageOf } from '../support/text/describe-thrown.js';
import { META } from './consul-service.js';

const MOST_PAIRS = 64;
const LONGEST_VALUE = 512;

/** What the module sets itself, and what to give in its place. */
const SET_BY_MODULE: Readonly<Record<string, string>> = {
  id: 'is made of the name, the address and the port: leave it out',
  name: 'is the option service.name of the module: leave it out',
  address: 'is the option address: leave it out',
  port: 'is the port that the server listens on: leave it out',
  weights: 'is the option service.weight of the module: leave it out',
  namespace: 'leave it out, and give the header x-consul-namespace with the option headers of the module',
};
const ADDED = ['Tags', 'Meta', 'Checks'];

/** Builds the schema of a duration that Consul takes from `least` milliseconds on. */
function duration(least: number, shortest: string) {
  const isDuration = (value: unknown) =>
    (typeof value === 'string' || typeof value === 'number') && (readDuration(value) ?? 0) >= least;
  return v.optional(
    v.custom(isDuration, `must be a duration such as "90s" or a number of milliseconds, ${shortest} or more`),
  );
}

/** Builds a check that reports a fault of each entry of an object. */
function entries(faultOf: (name: string, value: unknown) => string | undefined) {
  return v.rawCheck<Record<string, unknown>>(({ dataset, addIssue }) => {
    if (!dataset.typed) return;
    const { value: input } = dataset;
    for (const [key, value] of Object.entries(input)) {
      const message = faultOf(key, value);
      if (message) addIssue({ message, path: [{ type: 'object', origin: 'value', input, key, value }] });
    }
  });
}

const address = v.custom(
  (value) =>
    typeof value === 'string' &&
    (isIP(value) > 0 ? !/^[0.:]+$/.test(value) : /^[\w-]+(\.[\w-]+)*\.?$/.test(value)),
  'must be an IP address that callers can dial or a host name, without a scheme or a port',
);

const meta = v.pipe(
  plainObject,
  entries((key, value) => {
    if (key === 'agent_id' || key === 'agent_run_id') {
      return 'must be left out: a sidecar-agent deregisters at its start what has its id';
    }
    if (!/^[\w-]{1,128}$/.test(key)) return 'must have a key of 128 letters, digits, "-" and "_" at most';
    if (key.startsWith('consul-')) return 'must not have a key that starts with "consul-"';
    return typeof value === 'string' && fits(value)
      ? undefined
      : `must be a string of ${LONGEST_VALUE} bytes at most`;
  }),
  v.check(
    (given) => new Set([...META.map(([key]) => key), ...Object.keys(given)]).size <= MOST_PAIRS,
    `must have ${MOST_PAIRS - META.length} entries at most: Consul takes ${MOST_PAIRS}, and the module adds ${META.length}`,
  ),
);

const service = v.pipe(
  v.looseObject({
    Tags: v.optional(v.array(v.string('must be a string'), 'must be a list')),
    Meta: v.optional(meta),
    Checks: v.optional(v.array(plainObject, 'must be a list')),
  }),
  entries((name) => {
    const plain = name.replaceAll('_', '').toLowerCase();
    const added = ADDED.find((one) => one !== name && one.toLowerCase() === plain);
    return added ? `must be written ${added}` : SET_BY_MODULE[plain];
  }),
  v.rawCheck(({ dataset, addIssue }) => {
    try {
      JSON.stringify(dataset.value);
    } catch (thrown) {
      addIssue({ message: `must be JSON (${messageOf(thrown)})` });
    }
  }),
);

const schema = v.object({
  address: v.optional(address),
  ttl: duration(1_000, '1s'),
  portCheck: duration(1_000, '1s'),
  reapAfter: duration(60_000, '1m'),
  service: v.optional(service),
});

/** Returns every fault of the options of `consulProviders`. */
export function consulOptionFaults(options: unknown): OptionFault[] {
  return schemaFaults(schema, options, {
    whole: 'consulProviders',
    above: 'consulProviders.',
    unknown: 'unknown option',
  });
}

/** Returns whether a text fits into an entry of Meta. */
export function fits(text: string): boolean {
  return Buffer.byteLength(text) <= LONGEST_VALUE;
}
