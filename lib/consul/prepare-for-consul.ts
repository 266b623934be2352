import * as v from 'valibot';
import type { OptionFault } from '../errors/invalid-options.error.js';
import { plainObject } from '../options/plain-object.schema.js';
import type { PreparedOptions } from '../options/prepare-options.js';
import { got } from '../support/schema/got.js';
import { isObject, propertyOf } from '../support/shape.js';
import { consulConnection, type Given } from './consul-connection.js';
import type { ConsulOptions } from './consul-options.interface.js';
import { consulKind, HEAVIEST } from './consul-kind.js';
import { consulOptionFaults, LONGEST_VALUE } from './consul-options.schema.js';
import { META } from './consul-service.js';
import { settingOrigins } from './setting-origins.js';
import { completeConsulOptions } from './consul-settings.js';

/** The options of the module that are about the calls, the stream and routes of a sidecar-agent. */
const WITHOUT_EFFECT = [
  'watchUrl',
  'dialect',
  'idleTimeout',
  'maxEventBytes',
  'announceInfrastructure',
  'httpRoutes',
];

/** The values with which such an option says nothing. */
const NOTHING: readonly unknown[] = [undefined, 'auto', false];

/**
 * Completes the options of the module with the environment, and finds the faults of what only
 * Consul refuses.
 */
export function prepareForConsul(
  given: unknown,
  consul: ConsulOptions,
  variables: NodeJS.ProcessEnv = process.env,
): PreparedOptions {
  const faults = consulOptionFaults(consul);
  const kind = consulKind(completeConsulOptions(faults.length > 0 ? {} : consul));
  if (!v.is(plainObject, given) || given.enabled === false) return { options: given, faults, kind };
  const options = overridden(given, consulConnection(given, variables, faults));
  return {
    options,
    faults: [...faults, ...faultsAtConsul(given)],
    kind: { ...kind, ...settingOrigins(given, variables) },
  };
}

/** Returns a copy that has also what a class gives, such as getters. */
function overridden(given: Given, overrides: Given): Given {
  const copy = { ...given, ...overrides };
  for (let from: unknown = given; isObject(from); from = Object.getPrototypeOf(from)) {
    for (const name of Object.getOwnPropertyNames(from)) {
      if (!(name in copy)) Object.defineProperty(copy, name, { value: given[name] });
    }
  }
  return copy;
}

/** Returns the faults of options that a sidecar-agent takes. */
function faultsAtConsul(given: Given): OptionFault[] {
  const unused = WITHOUT_EFFECT.filter((path) => !NOTHING.includes(given[path]));
  const useless = unused.map((path) => ({ path, message: 'has no effect at Consul: leave it out' }));
  const refused = META.flatMap(([, path]) => {
    const value = path.split('.').reduce<unknown>(propertyOf, given);
    if (path === 'service.weight' && Number(value) > HEAVIEST) {
      return [{ path, message: `must be at most ${HEAVIEST} at Consul${got(value)}` }];
    }
    const isTooLong = typeof value === 'string' && Buffer.byteLength(value) > LONGEST_VALUE;
    return isTooLong ? [{ path, message: `must be at most ${LONGEST_VALUE} bytes at Consul` }] : [];
  });
  return [...useless, ...refused];
}
