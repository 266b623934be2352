import { isObject } from '../../support/shape.js';

/**
 * Returns the code of the system or of undici, or an empty text. Node keeps the first code if it
 * tried several addresses.
 */
export function codeOf(thrown: unknown): string {
  if (!isObject(thrown)) return '';
  if ('code' in thrown && typeof thrown.code === 'string') return thrown.code;
  return 'cause' in thrown ? codeOf(thrown.cause) : '';
}
