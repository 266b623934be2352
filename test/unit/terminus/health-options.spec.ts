import { describe, expect, it } from '@jest/globals';
import { readHealthOptions } from '../../../lib/terminus/health-options.js';

describe('readHealthOptions', () => {
  it('completes what is not given', () => {
    expect(readHealthOptions({})).toEqual({ require: 'registered', grace: 0 });
    expect(readHealthOptions({ require: 'connected', grace: '1m30s' })).toEqual({
      require: 'connected',
      grace: 90_000,
    });
  });

  it.each<[object, string]>([
    [{ grace: 'soon' }, 'isHealthy: grace must be a duration such as "30s", got "soon"'],
    [{ grace: -1 }, 'isHealthy: grace must be a duration such as "30s", got -1'],
    [
      { require: 'ready' },
      'isHealthy: require must be "registered", "connected" or "once-registered", got "ready"',
    ],
  ])('refuses %j', (options, message) => {
    const read = () => readHealthOptions(options);
    expect(read).toThrow(expect.objectContaining({ kind: 'invalid_options', message }));
  });
});
