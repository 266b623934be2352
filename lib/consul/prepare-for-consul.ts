import * as v from 'valibot';
import type { AgentKind } from '../agent/connection/agent-kind.js';
import type { OptionFault } from '../errors/invalid-options.error.js';
import { plainObject } from '../options/plain-object.schema.js';
import type { PreparedOptions } from '../options/prepare-options.js';
import { got } from '../support/schema/got.js';
import { propertyOf } from '../support/shape.js';
import { ConsulEnvironment, TOKEN_HEADER } from './consul-environment.js';
import type { ConsulOptions } from './consul-options.interface.js';
import { consulOptionFaults, fits } from './consul-options.schema.js';
import { META } from './consul-service.js';
import { completeConsulOptions } from './consul-settings.js';

const HEAVIEST = 65_535;

/** The options of the module that are about the calls and the event stream of a sidecar-agent. */
const WITHOUT_EFFECT = ['watchUrl', 'dialect', 'idleTimeout', 'maxEventBytes'];

type Given = Readonly<Record<string, unknown>>;

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
  const kind = consulKind(faults.length > 0 ? {} : consul);
  if (!v.is(plainObject, given) || given.enabled === false) return { options: given, faults, kind };
  const environment = new ConsulEnvironment(variables);
  const options = { ...given, ...connectionOf(given, environment) };
  return { options, faults: [...faults, ...environment.faults, ...faultsAtConsul(given)], kind };
}

function consulKind(consul: ConsulOptions): AgentKind {
  return {
    name: 'Consul agent',
    addressOption: 'CONSUL_HTTP_ADDR or baseUrl (Consul agents listen on port 8500)',
    socketOption: 'CONSUL_HTTP_ADDR or socketPath',
    hasDialects: false,
    lease: completeConsulOptions(consul).ttl,
  };
}

/** An option of the module has priority over the environment. */
function connectionOf(given: Given, environment: ConsulEnvironment): Given {
  const { baseUrl, socketPath, headers, tls } = given;
  const address = baseUrl === undefined && socketPath === undefined ? environment.address() : {};
  const connection = { baseUrl: 'http://127.0.0.1:8500', ...defined({ baseUrl, socketPath }), ...address };
  const isTls = /^https:/i.test(String(connection.baseUrl));
  return {
    ...connection,
    headers: withToken(headers, environment.token()),
    tls: tls ?? (isTls ? environment.tls() : undefined),
  };
}

function defined(values: Given): Given {
  return Object.fromEntries(Object.entries(values).filter(([, value]) => value !== undefined));
}

/** Adds the token to headers of your own, unless they have one. What is no header stays as it is. */
function withToken(headers: unknown, token: ReturnType<ConsulEnvironment['token']>): unknown {
  if (token === undefined) return headers;
  const add = (given: unknown, value: string | undefined) =>
    v.is(plainObject, given ?? {}) && value && !hasToken(given)
      ? { ...(given as object), [TOKEN_HEADER]: value }
      : given;
  if (typeof headers !== 'function' && typeof token === 'string') return add(headers, token);
  if (headers !== undefined && typeof headers !== 'function' && !v.is(plainObject, headers)) return headers;
  return async () => {
    const given: unknown = typeof headers === 'function' ? await headers() : (headers ?? {});
    return hasToken(given) ? given : add(given, typeof token === 'string' ? token : await token());
  };
}

function hasToken(headers: unknown): boolean {
  return Object.keys(headers ?? {}).some((name) =>
    [TOKEN_HEADER, 'authorization'].includes(name.toLowerCase()),
  );
}

/** Returns the faults of options that a sidecar-agent takes. */
function faultsAtConsul(given: Given): OptionFault[] {
  const faults = WITHOUT_EFFECT.filter((path) => given[path] !== undefined && given[path] !== 'auto').map(
    (path) => ({ path, message: 'has no effect with consulProviders(): leave it out' }),
  );
  for (const [, path] of META) {
    const value = path.split('.').reduce<unknown>(propertyOf, given);
    if (typeof value === 'string' && !fits(value)) {
      faults.push({ path, message: 'must have 512 bytes at most, which is what Consul takes' });
    }
    if (path === 'service.weight' && Number(value) > HEAVIEST) {
      faults.push({
        path,
        message: `must be a whole number from 1 to ${HEAVIEST}, which is what Consul takes${got(value)}`,
      });
    }
  }
  return faults;
}
