import { runInNewContext } from 'node:vm';
import { describe, expect, it } from '@jest/globals';
import { RegisterReplayError } from '../../../lib/errors/register-replay.error.js';
import { SidecarAgentError } from '../../../lib/errors/sidecar-agent.error.js';
import { SidecarApiError } from '../../../lib/errors/sidecar-api.error.js';
import { SidecarConnectionError } from '../../../lib/errors/sidecar-connection.error.js';
import { WatchError } from '../../../lib/errors/watch.error.js';

describe('SidecarAgentError', () => {
  it('has a name, a kind and a cause', () => {
    const cause = new Error('underneath');
    const error = new SidecarAgentError('runtime_error', 'what happened', { cause });
    expect(error).toBeInstanceOf(Error);
    expect(error).toMatchObject({ name: 'SidecarAgentError', kind: 'runtime_error', cause });
    expect(String(error)).toBe('SidecarAgentError: what happened');
  });

  describe('from', () => {
    it('returns errors of the package as they are', () => {
      const error = new WatchError('watch_connect', 'no connection');
      expect(SidecarAgentError.from(error)).toBe(error);
    });

    it('keeps any other error as the cause', () => {
      const cause = new TypeError('not a function');
      const error = SidecarAgentError.from(cause);
      expect(error).toMatchObject({ kind: 'runtime_error', message: 'not a function', cause });
      expect(error).toBeInstanceOf(SidecarAgentError);
    });

    it.each([
      ['text', 'text'],
      [undefined, 'undefined'],
      [null, 'null'],
      [7, '7'],
      [{}, '{}'],
      [{ toString: false }, '{ toString: false }'],
      [runInNewContext('new Error("of another realm")') as Error, 'of another realm'],
    ])('wraps %p, which is not an error', (thrown, message) => {
      expect(SidecarAgentError.from(thrown)).toMatchObject({ kind: 'runtime_error', message, cause: thrown });
    });
  });
});

describe('RegisterReplayError', () => {
  it('says what the register failed with', () => {
    const cause = new Error('refused');
    const error = new RegisterReplayError(cause);
    expect(error).toBeInstanceOf(SidecarAgentError);
    expect(error).toMatchObject({
      name: 'RegisterReplayError',
      kind: 'register_replay',
      message: 'register failed: refused',
      cause,
    });
  });
});

describe('SidecarApiError', () => {
  const failure = { method: 'POST', path: '/register', statusCode: 500 };

  it.each([
    ['register_failed', 'no room', 'POST /register answered 500 register_failed: no room'],
    ['register_failed', '', 'POST /register answered 500 register_failed'],
    ['', 'no room', 'POST /register answered 500: no room'],
    ['', '', 'POST /register answered 500'],
  ])('says code %p and reason %p', (code, reason, message) => {
    const error = new SidecarApiError({ ...failure, code, reason });
    expect(error).toBeInstanceOf(SidecarAgentError);
    expect(error).toMatchObject({
      name: 'SidecarApiError',
      kind: 'sidecar_api',
      message,
      ...failure,
      code,
      reason,
    });
  });
});

describe('SidecarConnectionError', () => {
  it('says where and with what code', () => {
    const cause = new Error('connect');
    const error = new SidecarConnectionError('http://agent', 'ECONNREFUSED', 'not there', { cause });
    expect(error).toBeInstanceOf(SidecarAgentError);
    expect(error).toMatchObject({
      name: 'SidecarConnectionError',
      kind: 'sidecar_connection',
      message: 'not there',
      url: 'http://agent',
      code: 'ECONNREFUSED',
      cause,
    });
  });
});

describe('WatchError', () => {
  it('has a kind of its own and what is known', () => {
    const cause = new Error('underneath');
    const error = new WatchError('watch_http_status', 'answered 503', { statusCode: 503 }, { cause });
    expect(error).toBeInstanceOf(SidecarAgentError);
    expect(error).toMatchObject({
      name: 'WatchError',
      kind: 'watch_http_status',
      message: 'answered 503',
      detail: { statusCode: 503 },
      cause,
    });
    expect(new WatchError('watch_connect', 'none').detail).toEqual({});
  });
});
