import { describe, expect, it } from '@jest/globals';
import { confidentialParts, redact } from '../../../../lib/agent/connection/redact.js';

const redacted = (headers: Record<string, string>, text: string) => redact(text, confidentialParts(headers));

describe('redact', () => {
  it('replaces whole header values and their words', () => {
    const headers = { authorization: 'Bearer tok-31415926', 'x-key': ' key-27182818 ' };
    expect(redacted(headers, 'got Bearer tok-31415926, key-27182818')).toBe('got [redacted], [redacted]');
    expect(redacted(headers, 'no token tok-31415926 here')).toBe('no token [redacted] here');
  });

  it('replaces values as JSON and as Go escape them', () => {
    const headers = { authorization: 'a"b<c>&d-secret' };
    for (const text of ['a"b<c>&d-secret', 'a\\"b<c>&d-secret', 'a\\"b\\u003cc\\u003e\\u0026d-secret']) {
      expect(redacted(headers, `{"message":"${text}"}`)).toBe('{"message":"[redacted]"}');
    }
  });

  it('replaces the longest value first', () => {
    const headers = { one: 'secret-1234', other: 'secret-1234-5678' };
    expect(redacted(headers, 'secret-1234-5678')).toBe('[redacted]');
  });

  it.each(['prod', 'connected', 'Heartbeat', 'draining'])('keeps the common word %s', (word) => {
    expect(redacted({ 'x-env': word }, `the state is ${word}`)).toBe(`the state is ${word}`);
  });

  it('keeps texts if there are no headers', () => {
    expect(redacted({}, 'text')).toBe('text');
  });
});
