import { shown } from '../../support/text/describe-value.js';
import { checkHttpRoutes } from './check-http-routes.js';
import type { HttpRoute, TranscodingRoute } from './http-route.js';

/** The routes that annotations declare, and what is wrong with them. */
export interface HttpRuleRoutes {
  /** As they are announced: methods in upper case, sorted. Of use only where there is no fault. */
  readonly routes: readonly HttpRoute[];
  /** Each naming the method that is annotated. */
  readonly faults: readonly string[];
}

type JsonObject = Readonly<Record<string, unknown>>;

const VERBS = ['get', 'put', 'post', 'delete', 'patch', 'custom'] as const;
/** How protobufjs names the option, and how it does where the proto writes it from the root. */
const OPTION_NAMES = ['(google.api.http)', '(.google.api.http)'];

/** The `google.api.http` annotation among the options of an rpc, as the proto loader gives them; `undefined` without one. */
export function httpRuleOf(options: JsonObject | undefined): unknown {
  const name = OPTION_NAMES.find((each) => options?.[each] !== undefined);
  return name === undefined ? undefined : options?.[name];
}

/**
 * Reads `google.api.http` annotations. Paths and path templates are kept as they are written; bodies do not matter to a
 * registration.
 *
 * @param rules by the full path of the method, `/pkg.Service/Rpc`
 */
export function readHttpRules(rules: ReadonlyMap<string, unknown>): HttpRuleRoutes {
  const routes: TranscodingRoute[] = [];
  const faults: string[] = [];
  for (const [fullMethod, rule] of rules) {
    for (const binding of [rule, ...additionalBindings(rule)]) {
      const route = readBinding(binding);
      if (typeof route === 'string') faults.push(`${fullMethod}: its google.api.http ${route}`);
      else routes.push({ ...route, fullMethod });
    }
    if (additionalBindings(rule).some((binding) => additionalBindings(binding).length > 0)) {
      faults.push(`${fullMethod}: its google.api.http has additional_bindings within additional_bindings`);
    }
  }
  const checked = checkHttpRoutes(routes);
  const broken = checked.faults.map(({ index, message }) => `${routes[index]?.fullMethod}: ${message}`);
  return { routes: checked.routes, faults: [...faults, ...broken] };
}

/** A single one is no list: the parser cannot know that the field is repeated. */
function additionalBindings(rule: unknown): unknown[] {
  const bindings = asObject(rule).additional_bindings;
  return bindings === undefined ? [] : [bindings].flat();
}

/** The route, or what is wrong with the binding. */
function readBinding(binding: unknown): Omit<TranscodingRoute, 'fullMethod'> | string {
  const patterns = asObject(binding);
  const verbs = VERBS.filter((verb) => patterns[verb] !== undefined);
  const [verb, another] = verbs;
  if (verb === undefined) return `has no ${VERBS.slice(0, -1).join(', ')} or custom: ${shown(binding)}`;
  if (another !== undefined) return `has ${verbs.join(' and ')} in one binding; write additional_bindings`;
  const { kind, path } = verb === 'custom' ? asObject(patterns.custom) : { kind: verb, path: patterns[verb] };
  if (typeof kind !== 'string' || typeof path !== 'string') {
    return `has a ${verb} that is not readable: ${shown(patterns[verb])}`;
  }
  return { httpMethod: kind, path };
}

function asObject(value: unknown): JsonObject {
  return typeof value === 'object' && value !== null ? (value as JsonObject) : {};
}
