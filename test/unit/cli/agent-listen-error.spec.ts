import { describe, expect, it } from '@jest/globals';
import { listenFailure } from '../../../lib/cli/agent-listen-error.js';
import { portError, socketError } from '../../../lib/testing/server/listen-errors.js';

const cause = (code: string) => Object.assign(new Error(`listen ${code}: why`), { code });

describe('listenFailure', () => {
  it.each([
    [15010, 15011],
    [65535, 65534],
  ])('names another port than the taken one: %d', (port, other) => {
    expect(listenFailure(portError('127.0.0.1', port, cause('EADDRINUSE')), port)).toBe(
      `cannot listen on port ${port}: the port is taken. Stop the process that listens there (another agent?), or choose another port, such as --port ${other}`,
    );
  });

  it('names no option that the command does not have', () => {
    expect(listenFailure(portError('127.0.0.1', 80, cause('EACCES')), 80)).toBe(
      'cannot listen on port 80: listen EACCES: why. Choose a port above 1023 with --port',
    );
  });

  it('says what is wrong with the socket', () => {
    expect(listenFailure(socketError('/none/agent.sock', cause('EACCES')), 15010)).toBe(
      'cannot listen on the socket /none/agent.sock: the directory /none does not exist. Choose a path in a directory that exists, and in which you may create files.',
    );
  });
});
