import { describe, expect, it } from '@jest/globals';
import { describeListenFailure } from '../../../lib/lifecycle/describe-listen-failure.js';

describe('describeListenFailure', () => {
  it.each([
    'listen EADDRINUSE: address already in use 127.0.0.1:10500',
    'No address added out of total 1 resolved',
  ])('advises what to do if the port is taken: %s', (reason) => {
    expect(describeListenFailure(new Error(reason))).toBe(
      `${reason}. If that is this service itself, which is still leaving after a reload, leave at once in ` +
        "development: gracePeriod: process.env.NODE_ENV === 'development' ? 0 : '20s', and start it " +
        'with NODE_ENV=development',
    );
  });

  it('says nothing more of another failure', () => {
    expect(describeListenFailure(new Error('listen EACCES: permission denied'))).toBe(
      'listen EACCES: permission denied',
    );
    expect(describeListenFailure('odd')).toBe('odd');
  });
});
