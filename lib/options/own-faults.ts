import type { OptionFault } from '../errors/invalid-options.error.js';
import { schemaFaults } from '../support/schema/schema-faults.js';
import { propertyOf } from '../support/shape.js';
import type { OptionOrigin } from './duration.schema.js';
import { OPTIONS_SCHEMAS } from './options.schema.js';

/** Options whose value no message may show. */
const CONFIDENTIAL = /^(app\.secret|headers|tls)(\.|$)/;

/** Options whose value may hold a token in its path or its user info. */
const ADDRESS = /^(baseUrl|watchUrl)$/;

/** A scheme, a host, a port and one short segment: no place for a token. */
const PLAIN_ADDRESS = /^([a-z][a-z\d+.-]*:\/\/)?[\w.-]*(:\d*)?(\/[\w-]{0,16})?$/i;

function isPlainAddress(value: unknown): boolean {
  return typeof value !== 'string' || PLAIN_ADDRESS.test(value);
}

/**
 * Returns the faults of each option by itself, whatever the others are: those that are missing,
 * unknown, or have a value that they cannot have.
 *
 * @param origin where the options come from, which decides how a duration is written
 */
export function ownFaults(options: unknown, origin: OptionOrigin = 'code'): OptionFault[] {
  const faults = schemaFaults(OPTIONS_SCHEMAS[origin], options, {
    whole: 'options',
    unknown: 'unknown option',
    isConfidential: (path, value) =>
      CONFIDENTIAL.test(path) || (ADDRESS.test(path) && !isPlainAddress(value)),
  });
  if (propertyOf(propertyOf(options, 'grpc'), 'options') === undefined) return faults;
  return faults.map((fault) => (fault.path === 'grpc.package' ? ONE_LEVEL_UP : fault));
}

/** The likeliest mistake: all that createMicroservice takes, in place of its `options`. */
const ONE_LEVEL_UP: OptionFault = {
  path: 'grpc.package',
  message:
    'is required: give the `options` object that you pass to createMicroservice, not the object around it',
};
