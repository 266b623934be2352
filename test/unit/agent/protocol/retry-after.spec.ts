import { describe, expect, it } from '@jest/globals';
import fc from '../../../support/fast-check.js';
import { retryAfterOf } from '../../../../lib/agent/protocol/retry-after.js';

const NOW = Date.UTC(2026, 10, 21, 8, 0, 0);
const said = (value: string | string[] | undefined, status = 503) =>
  retryAfterOf(status, { 'retry-after': value }, NOW);

describe('retryAfterOf', () => {
  it.each([
    ['0', 0],
    ['7', 7_000],
    ['007', 7_000],
    ['86400', 86_400_000],
    ['Sat, 21 Nov 2026 08:00:30 GMT', 30_000],
    ['Saturday, 21-Nov-26 08:00:30 GMT', 30_000],
    ['Sat Nov 21 08:00:30 2026', 30_000],
    ['Sat Nov  7 08:00:30 2026', 0],
    ['Sat, 21 Nov 2026 07:59:00 GMT', 0],
  ])('reads %j', (value, milliseconds) => {
    expect(said(value)).toBe(milliseconds);
    expect(said(value, 429)).toBe(milliseconds);
  });

  it.each([
    '',
    '-1',
    '1.5',
    '1e3',
    '+3',
    '3 s',
    'soon',
    '9'.repeat(40),
    '2026-11-21',
    'Sat, soon',
    'Later 5',
    'on Sat, 21 Nov 2026 08:00:30 GMT',
  ])('does not read %j', (value) => {
    expect(said(value)).toBeUndefined();
  });

  it('reads no header that is absent or repeated', () => {
    expect(said(undefined)).toBeUndefined();
    expect(said(['1', '2'])).toBeUndefined();
    expect(said(['Sat, 21 Nov 2026 08:00:30 GMT'])).toBeUndefined();
  });

  it.each([200, 301, 400, 401, 500, 502, 504])('reads none of a %i', (status) => {
    expect(said('7', status)).toBeUndefined();
  });

  it('reads nothing below zero, whatever is said', () => {
    fc.assert(
      fc.property(fc.oneof(fc.string(), fc.date({ noInvalidDate: true }).map(String)), (value) => {
        expect(said(value) ?? 0).toBeGreaterThanOrEqual(0);
      }),
    );
  });
});
