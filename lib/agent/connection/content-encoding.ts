import type { Dispatcher } from 'undici';

/**
 * Returns how a body is encoded, such as `gzip`, or an empty text if it can be read as it is. The
 * module decodes nothing, and agents encode nothing: a proxy between the two may.
 */
export function encodingOf(headers: Dispatcher.ResponseData['headers']): string {
  const encoding = String(headers['content-encoding'] ?? '').trim();
  return encoding.toLowerCase() === 'identity' ? '' : encoding;
}
