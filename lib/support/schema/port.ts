import { wholeNumber } from './whole-number.js';

/** The schema of a port that a process listens on. */
export const port = wholeNumber(1, 65_535, 'must be a whole number from 1 to 65535');
