/** The statuses whose `Retry-After` tells when a client may come again. */
const BUSY = new Set([429, 503]);

/**
 * Returns how long the agent asks to wait before the next try, if it does: the header `Retry-After`
 * of a 429 or 503, in seconds or as a date (RFC 9110 10.2.3, RFC 6585 4).
 *
 * @param now milliseconds since 1970
 * @returns milliseconds, 0 or more
 */
export function retryAfterOf(
  statusCode: number,
  headers: Readonly<Record<string, string | string[] | undefined>>,
  now: number,
): number | undefined {
  const value = headers['retry-after'];
  if (!BUSY.has(statusCode) || typeof value !== 'string') return undefined;
  if (/^\d{1,9}$/.test(value)) return Number(value) * 1_000;
  // Each form of a date begins with the name of the day. `Date.parse` takes far more than dates.
  const isDate = /^(?:Mon|Tue|Wed|Thu|Fri|Sat|Sun)[a-z]*,? /.test(value);
  // The form of asctime names no zone: it is GMT as well.
  const date = isDate ? Date.parse(value.endsWith('GMT') ? value : `${value} GMT`) : NaN;
  return Number.isNaN(date) ? undefined : Math.max(0, date - now);
}
