import type { OptionFault } from '../errors/invalid-options.error.js';
import { schemaFaults } from '../support/schema/schema-faults.js';
import { propertyOf } from '../support/shape.js';
import type { OptionOrigin } from './duration.schema.js';
import { optionsSchema } from './options.schema.js';

/** Options whose value no message may show. */
const CONFIDENTIAL = /^(app\.secret|headers|tls)(\.|$)/;

/** Options whose value may hold a token in its path or its user info. */
const ADDRESS = /^(baseUrl|watchUrl)$/;

/** A part that is assigned or nameless, or that is as long as a token. */
const MAY_HOLD_TOKEN = /=|\/\/:|[\w-]{20,}/;

/**
 * Returns the faults of each option by itself, whatever the others are: those that are missing,
 * unknown, or have a value that they cannot have.
 *
 * @param origin where the options come from, which decides how a duration is written
 */
export function ownFaults(options: unknown, origin: OptionOrigin = 'code'): OptionFault[] {
  const faults = schemaFaults(optionsSchema(origin), options, {
    whole: 'options',
    unknown: 'unknown option',
    isConfidential: (path, value) =>
      CONFIDENTIAL.test(path) ||
      (ADDRESS.test(path) && typeof value === 'string' && MAY_HOLD_TOKEN.test(value)),
  });
  const found = faults.map((fault) => (isBeside(fault) ? { ...fault, message: BESIDE } : fault));
  if (propertyOf(propertyOf(options, 'grpc'), 'options') === undefined) return found;
  return found.map((fault) => (fault.path === 'grpc.package' ? ONE_LEVEL_UP : fault));
}

/** What is given beside the options. `forRoot` has taken it out of them. */
const EXTRAS = ['isGlobal', 'name', 'providers'];
const BESIDE = 'unknown option: give it beside useFactory, not in its result';

function isBeside({ path, message }: OptionFault): boolean {
  return EXTRAS.includes(path) && message.startsWith('unknown option');
}

/** The likeliest mistake: all that createMicroservice takes, in place of its `options`. */
const ONE_LEVEL_UP: OptionFault = {
  path: 'grpc.package',
  message:
    'is required: give the `options` object that you pass to createMicroservice, not the object around it',
};
