import * as v from 'valibot';
import { plainObject } from './plain-object.schema.js';

/** Headers that the module or the connection sets. */
const RESERVED = new Set([
  'accept',
  'connection',
  'content-length',
  'content-type',
  'expect',
  'host',
  'keep-alive',
  'transfer-encoding',
  'upgrade',
]);

/** A token of RFC 9110, section 5.6.2. */
const NAME = /^[\w!#$%&'*+.^`|~-]+$/;

/** What Node sends as a header's value: Latin-1 without control characters, the tab excepted. */
const VALUE = /^[\t\u0020-\u007e\u0080-\u00ff]*$/;

const INVALID_NAME = 'must have names of letters, digits and "-", such as "x-token"';

const HEADER_TEXT = 'must be Latin-1 text without line breaks, which is all that a header can carry';

/** Request headers by name. It is not a `v.record`, which skips names such as `constructor`. */
export const headers = v.pipe(
  plainObject,
  v.rawCheck(({ dataset, addIssue }) => {
    if (!dataset.typed) return;
    for (const [key, value] of Object.entries(dataset.value)) {
      if (!NAME.test(key)) {
        // Without the name: a whole header may stand in its place, value and all.
        addIssue({ message: INVALID_NAME });
        continue;
      }
      const message = headerFault(key, value);
      if (message === undefined) continue;
      addIssue({
        message,
        path: [{ type: 'object', origin: 'value', input: dataset.value, key, value }],
      });
    }
  }),
);

function headerFault(name: string, value: unknown): string | undefined {
  if (RESERVED.has(name.toLowerCase())) return 'is set by the module: leave it out';
  if (typeof value !== 'string') return 'must be a string';
  return VALUE.test(value) ? undefined : HEADER_TEXT;
}
