import { describe, expect, it } from '@jest/globals';
import { InvalidOptionsError } from '../../../lib/errors/invalid-options.error.js';
import { resolveRunOptions } from '../../../lib/managed-run/run-options.js';
import { thrownBy } from '../fixtures/fixtures.js';

/** The faults of anything, as a plain JavaScript caller might give it. */
function faultsOf(given: unknown): string[] {
  const thrown = thrownBy(() => resolveRunOptions(given as object));
  if (!(thrown instanceof InvalidOptionsError)) throw thrown;
  expect(thrown.message).toMatch(/^runSidecarApp cannot use these options:/);
  return thrown.faults.map(({ path, message }) => `${path}: ${message}`);
}

const UNKNOWN = 'unknown option';
const LISTEN = 'must be a port from 0 to 65535, { port, host }, or a function';

describe('resolveRunOptions', () => {
  it('adds the defaults', () => {
    expect(resolveRunOptions({})).toEqual({
      listen: undefined,
      signals: ['SIGTERM', 'SIGINT', 'SIGHUP', 'SIGQUIT', 'SIGUSR2'],
      abortSignal: undefined,
      secondSignal: 'exit',
      closeTimeout: undefined,
      handleCrashes: true,
      exit: false,
    });
  });

  it.each([0, 65_535, { port: 0 }, { port: 80, host: '::1' }, () => Promise.resolve()])(
    'takes listen %p',
    (listen) => {
      expect(resolveRunOptions({ listen }).listen).toBe(listen);
    },
  );

  it('names every option that does not exist', () => {
    expect(faultsOf({ listens: 1, signal: 'SIGTERM', exit: 1 })).toEqual([
      'exit: must be true or false, got 1',
      `listens: ${UNKNOWN} (did you mean \`listen\`?)`,
      `signal: ${UNKNOWN} (did you mean \`signals\`?)`,
    ]);
  });

  it('names every one of listen', () => {
    expect(faultsOf({ listen: { port: 80, hots: '::1', backlog: 3 } })).toEqual([
      `listen.hots: ${UNKNOWN} (did you mean \`host\`?)`,
      `listen.backlog: ${UNKNOWN}`,
    ]);
  });

  it.each([
    ['80', '"80"'],
    [null, 'null'],
    [{}, 'an object'],
    [{ port: '80' }, 'an object'],
    [{ port: 80, host: 1 }, 'an object'],
  ])('refuses listen %p', (listen, given) => {
    expect(faultsOf({ listen })).toEqual([`listen: ${LISTEN}, got ${given}`]);
  });

  it.each([-1, 65_536, 0.5])('refuses listen %p, and repeats it', (listen) => {
    expect(faultsOf({ listen })).toEqual([`listen: ${LISTEN}, got ${listen}`]);
  });

  it.each([
    [null, 'null'],
    [42, '42'],
    ['exit', 'a string of 4 characters'],
  ])('refuses %p as a whole', (given, shown) => {
    expect(faultsOf(given)).toEqual([`options: must be an object, got ${shown}`]);
  });
});
