import { isObject } from '../../support/shape.js';
import { shown } from '../../support/text/describe-value.js';
import { checkHttpRoutes } from './check-http-routes.js';
import type { HttpRoute, TranscodingRoute } from './http-route.js';

/** The routes that `google.api.http` annotations declare, and their faults. */
export interface HttpRuleRoutes {
  /**
   * The routes as they are registered: methods in upper case, sorted. Valid if there are no faults.
   */
  readonly routes: readonly HttpRoute[];
  /** Every fault, with the annotated method first. */
  readonly faults: readonly string[];
}

type JsonObject = Readonly<Record<string, unknown>>;

const VERBS = ['get', 'put', 'post', 'delete', 'patch', 'custom'] as const;
/** The names that protobufjs gives the option; the second if the proto writes a leading dot. */
const OPTION_NAMES = ['(google.api.http)', '(.google.api.http)'];

/**
 * Returns the `google.api.http` annotation among the options of an rpc, as the proto loader gives
 * them.
 */
export function httpRuleOf(options: JsonObject | undefined): unknown {
  const name = OPTION_NAMES.find((each) => options?.[each] !== undefined);
  return name === undefined ? undefined : options?.[name];
}

/**
 * Reads `google.api.http` annotations. Paths and path templates stay as they are written, but for
 * white space around them, which readers of a manifest remove as well; bodies are ignored, for a
 * registration has no field for them.
 *
 * @param rules by the full path of the method, `/pkg.Service/Rpc`
 * @see https://github.com/googleapis/googleapis/blob/master/google/api/http.proto
 */
export function readHttpRules(rules: ReadonlyMap<string, unknown>): HttpRuleRoutes {
  const routes: TranscodingRoute[] = [];
  const faults: string[] = [];
  for (const [fullMethod, rule] of rules) {
    for (const binding of [rule, ...additionalBindings(rule)]) {
      const route = readBinding(binding);
      if (typeof route === 'string') faults.push(`${fullMethod}: google.api.http ${route}`);
      else routes.push({ ...route, fullMethod });
    }
    if (additionalBindings(rule).some((binding) => additionalBindings(binding).length > 0)) {
      faults.push(`${fullMethod}: google.api.http must not nest additional_bindings`);
    }
  }
  const checked = checkHttpRoutes(routes);
  const broken = checked.faults.map(({ index, message }) => `${routes[index]?.fullMethod}: ${message}`);
  return { routes: checked.routes, faults: [...faults, ...broken] };
}

/** A single binding is not a list: the parser does not know that the field is repeated. */
function additionalBindings(rule: unknown): unknown[] {
  const bindings = asObject(rule).additional_bindings;
  return bindings === undefined ? [] : [bindings].flat();
}

/** Returns the route of a binding, or its fault. */
function readBinding(binding: unknown): Omit<TranscodingRoute, 'fullMethod'> | string {
  const patterns = asObject(binding);
  const verbs = VERBS.filter((verb) => patterns[verb] !== undefined);
  const [verb, another] = verbs;
  if (verb === undefined) {
    return `must have one of ${VERBS.slice(0, -1).join(', ')} or custom, got ${shown(binding)}`;
  }
  if (another !== undefined) {
    return `must have one pattern, got ${verbs.join(' and ')}: use additional_bindings for the others`;
  }
  const { kind, path } = verb === 'custom' ? asObject(patterns.custom) : { kind: verb, path: patterns[verb] };
  if (typeof kind !== 'string' || typeof path !== 'string') {
    const expected = verb === 'custom' ? 'a kind and a path' : 'a path';
    return `must have ${expected} for ${verb}, got ${shown(patterns[verb])}`;
  }
  return { httpMethod: kind, path: path.trim() || path };
}

function asObject(value: unknown): JsonObject {
  return isObject(value) ? { ...value } : {};
}
