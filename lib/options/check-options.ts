import * as v from 'valibot';
import type { OptionFault } from '../errors/invalid-options.error.js';
import { crossFaults } from './cross-faults.js';
import { ownFaults } from './own-faults.js';
import type { SidecarAgentOptions } from './sidecar-agent-options.interface.js';

/**
 * Returns every fault of the options, each with the path of its option; none if they can be used.
 */
export function checkOptions(options: unknown): OptionFault[] {
  const own = ownFaults(options);
  if (!isComparable(options)) return own;
  const refused = new Set(own.map(({ path }) => path));
  // An option with a fault of its own is not compared with others: one fault is enough to mend it.
  return [...own, ...crossFaults(options, refused).filter(({ path }) => !refused.has(path))];
}

const COMPARED = v.looseObject({
  grpc: v.optional(v.looseObject({ url: v.optional(v.string()) })),
  methods: v.optional(v.array(v.unknown())),
  httpRoutes: v.optional(v.union([v.string(), v.literal(false), v.array(v.unknown())])),
  baseUrl: v.optional(v.string()),
  watchUrl: v.optional(v.string()),
});

/** Returns whether the options that are compared have types that can be. */
function isComparable(options: unknown): options is SidecarAgentOptions {
  return v.is(COMPARED, options);
}
