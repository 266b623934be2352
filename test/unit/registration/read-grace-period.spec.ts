import { describe, expect, it } from '@jest/globals';
import { readGracePeriod } from '../../../lib/registration/read-grace-period.js';

describe('readGracePeriod', () => {
  it('reads what is passed, or else the option', () => {
    expect(readGracePeriod('2s', 20_000)).toBe(2_000);
    expect(readGracePeriod(undefined, 20_000)).toBe(20_000);
  });

  it.each([0, null, '0s', 'soon', -1])('refuses %j', (given) => {
    expect(() => readGracePeriod(given as number, 20_000)).toThrow(
      `drain: gracePeriod must be a duration above zero such as "20s", got ${JSON.stringify(given)}`,
    );
  });

  it('says that the option is 0, if nothing is passed', () => {
    expect(() => readGracePeriod(undefined, 0)).toThrow(
      "drain: the option gracePeriod is 0 here, and a drain needs one above zero. Pass it: drain('20s')",
    );
  });
});
