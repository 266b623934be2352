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

/** A header that cannot be sent. */
export interface HeaderFault {
  /**
   * The name of the header; absent if the name is at fault: a whole header may stand in its place,
   * value and all.
   */
  readonly name?: string;
  readonly message: string;
}

/** Returns the fault of each header that cannot be sent. No fault shows a value. */
export function headerFaults(headers: Readonly<Record<string, unknown>>): HeaderFault[] {
  return Object.entries(headers).flatMap(([name, value]): HeaderFault[] => {
    if (!NAME.test(name)) {
      return [{ message: 'must have names of letters, digits and "-", such as "x-token"' }];
    }
    const message = valueFault(name, value);
    return message === undefined ? [] : [{ name, message }];
  });
}

function valueFault(name: string, value: unknown): string | undefined {
  if (RESERVED.has(name.toLowerCase())) return 'is set by the module: leave it out';
  if (typeof value !== 'string') return 'must be a string';
  if (VALUE.test(value)) return undefined;
  return 'must be Latin-1 text without line breaks, which is all that a header can carry';
}
