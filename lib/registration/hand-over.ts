import type { Dialect } from '../agent/protocol/dialect.js';
import type { Inheritance } from './machine/registration-event.js';

/** What a process leaves to the others that serve its port. */
export type HandOver = Omit<Inheritance, 'ofInstance'>;

const NOTHING = 'nothing';
const MAY_LAND = 'may-land';

/** Writes one line of text, for the others to read. */
export function encodeHandOver(handOver: HandOver | undefined): string {
  if (!handOver) return NOTHING;
  const { dialect = 'unknown', mayLand } = handOver;
  return mayLand ? `${dialect} ${MAY_LAND}` : dialect;
}

/** Reads such a line; `undefined` if nothing is handed over. */
export function decodeHandOver(line: string): HandOver | undefined {
  const [first, second] = line.split(' ');
  return first === NOTHING ? undefined : { dialect: readDialect(first), mayLand: second === MAY_LAND };
}

/** Returns a dialect that another process has named; `undefined` if it does not know it. */
export function readDialect(text: string | undefined): Dialect | undefined {
  return text === 'node' || text === 'flat' ? text : undefined;
}
