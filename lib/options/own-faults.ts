import type { OptionFault } from '../errors/invalid-options.error.js';
import { addressFaults } from './agent-endpoint.js';
import { optionsSchema } from './options.schema.js';
import { schemaFaults, type SchemaWording } from '../support/schema/schema-faults.js';

/**
 * What is wrong with each option on its own, whatever the others are; options that are missing or do not exist among it.
 *
 * @param describe how an issue is worded, where it is not as for options in code
 */
export function ownFaults(options: unknown, describe?: SchemaWording['describe']): OptionFault[] {
  const faults = schemaFaults(optionsSchema, options, {
    whole: 'options',
    unknown: 'is no option of this module',
    describe,
  });
  const refused = new Set(faults.map(({ path }) => path));
  return [
    ...faults.map((fault) =>
      fault.path === 'grpc.package' && isOneLevelUp(options)
        ? { ...fault, message: 'is required: give what stands under `options`, not what stands around it' }
        : fault,
    ),
    ...addressFaults(options).filter(({ path }) => !refused.has(path)),
  ];
}

/** The likeliest mistake is one level: all that createMicroservice is given, instead of its `options`. */
function isOneLevelUp(options: unknown): boolean {
  const grpc: unknown = isObject(options) ? Reflect.get(options, 'grpc') : undefined;
  return isObject(grpc) && 'options' in grpc;
}

function isObject(value: unknown): value is object {
  return typeof value === 'object' && value !== null;
}
