import { setImmediate } from 'node:timers/promises';
import { describe, expect, it } from '@jest/globals';
import { SidecarAgentError } from '../../../lib/errors/sidecar-agent.error.js';
import { guardedListener } from '../../../lib/registration/guarded-listener.js';
import { KeptLines } from '../fixtures/kept-lines.js';

const error = new SidecarAgentError('runtime_error', 'what happened');
const TOLD = expect.stringContaining('error: The option onError threw');

describe('guardedListener', () => {
  it('tells the listener every error', () => {
    const seen: unknown[] = [];
    const listener = guardedListener((each) => void seen.push(each), new KeptLines());
    listener(error);
    listener(error);
    expect(seen).toEqual([error, error]);
  });

  it('does nothing without a listener', () => {
    const logger = new KeptLines();
    expect(() => guardedListener(undefined, logger)(error)).not.toThrow();
    expect(logger.lines).toEqual([]);
  });

  it.each([new Error('boom'), 'boom', undefined])('logs %p that it throws', (thrown) => {
    const logger = new KeptLines();
    const listener = guardedListener(() => {
      // eslint-disable-next-line @typescript-eslint/only-throw-error
      throw thrown;
    }, logger);
    expect(() => listener(error)).not.toThrow();
    expect(logger.lines).toEqual([TOLD]);
  });

  it('logs what an async listener rejects with', async () => {
    const logger = new KeptLines();
    const rejecting = (): unknown => Promise.reject(new Error('boom'));
    guardedListener(rejecting, logger)(error);
    await setImmediate();
    expect(logger.lines).toEqual([TOLD]);
  });
});
