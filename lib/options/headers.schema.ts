import * as v from 'valibot';
import { headerFaults } from '../support/header-faults.js';
import { plainObject } from './plain-object.schema.js';

/** Request headers by name. It is not a `v.record`, which skips names such as `constructor`. */
export const headers = v.pipe(
  plainObject,
  v.rawCheck(({ dataset, addIssue }) => {
    if (!dataset.typed) return;
    const { value: input } = dataset;
    for (const { name, message } of headerFaults(input)) {
      if (name === undefined) addIssue({ message });
      else {
        const value = input[name];
        addIssue({ message, path: [{ type: 'object', origin: 'value', input, key: name, value }] });
      }
    }
  }),
);

/** Request headers, or a function that returns them. */
export const headersOrFunction = v.lazy((input) => (typeof input === 'function' ? v.function() : headers));
