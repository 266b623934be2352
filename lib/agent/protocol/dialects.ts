import type { Dialect, DialectEncoder } from './dialect.js';
import { flatDialect } from './flat-dialect.js';
import { nodeDialect } from './node-dialect.js';

/** The encoder of each dialect. */
export const dialects: Readonly<Record<Dialect, DialectEncoder>> = { node: nodeDialect, flat: flatDialect };
