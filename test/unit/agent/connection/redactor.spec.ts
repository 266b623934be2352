import { describe, expect, it } from '@jest/globals';
import fc from '../../../support/fast-check.js';
import { Redactor } from '../../../../lib/agent/connection/redactor.js';
import { cpuTime } from '../../../support/cpu-time.js';

const redactorOf = (headers: Record<string, string>) => {
  const redactor = new Redactor();
  redactor.learn(Object.values(headers));
  return redactor;
};

const redacted = (headers: Record<string, string>, text: string) => redactorOf(headers).redact(text);

describe('Redactor', () => {
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

  it('replaces a value with a tab, as it is and as JSON escapes it', () => {
    const value = 'seven-7\tseven-8';
    for (const text of [value, JSON.stringify(value), JSON.stringify(JSON.stringify(value))]) {
      expect(redacted({ 'x-key': value }, text)).toMatch(/^[\\"]*\[redacted\][\\"]*$/);
    }
  });

  it('replaces a value with backslashes in JSON within JSON within JSON', () => {
    const value = 'seven-7\\\\\\seven-8';
    let text = value;
    for (let depth = 0; depth <= 4; depth += 1) {
      expect(redacted({ 'x-key': value }, text)).toMatch(/^[\\"]*\[redacted\][\\"]*$/);
      text = JSON.stringify(text);
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

  /** How an encoder may write a character of a text. */
  const forms: readonly ((character: string) => string)[] = [
    (character) => character,
    (character) => `\\u${character.charCodeAt(0).toString(16).padStart(4, '0')}`,
    (character) => `\\u${character.charCodeAt(0).toString(16).padStart(4, '0').toUpperCase()}`,
    (character) => (/["\\/]/.test(character) ? `\\${character}` : character),
  ];

  it('replaces values however an encoder has escaped them, JSON within JSON too', () => {
    const value = fc.stringMatching(/^[!-~\xa1-\xff]{8,24}$/);
    const seeds = fc.array(fc.nat(forms.length - 1), { minLength: 24, maxLength: 24 });
    fc.assert(
      fc.property(value, seeds, (secret, form) => {
        const escaped = [...secret].map((character, at) => forms[form[at] ?? 0]?.(character)).join('');
        const nested = JSON.stringify({ message: JSON.stringify({ message: secret }) });
        for (const text of [escaped, nested, `{"message":"${escaped}"}`]) {
          expect(redacted({ 'x-token': secret }, text)).toContain('[redacted]');
        }
        expect(redacted({ 'x-token': secret }, escaped)).toMatch(/^\\*\[redacted\]$/);
      }),
      { numRuns: 300 },
    );
  });

  it('replaces what is left of a value that is not valid UTF-8', () => {
    expect(redacted({ 'x-token': 'tök-31415926535' }, 't\ufffdk-31415926535')).toBe('t\ufffd[redacted]');
  });

  // With the square of the length it would take an hour.
  it('takes time in proportion to a text that is almost a value, or all backslashes', () => {
    const texts = ['\\'.repeat(1_000_000), 'a'.repeat(1_000_000), '\\u0061'.repeat(200_000)];
    const redactor = redactorOf({ one: '\\a\\a\\a\\ab', other: 'aaaaaaaab' });
    const took = cpuTime(() => {
      for (const text of texts) expect(redactor.redact(text)).toBe(text);
    });
    expect(took).toBeLessThan(15_000);
  });

  it('keeps the last values of headers that change, and no more', () => {
    const redactor = new Redactor();
    const values = Array.from({ length: 100 }, (_value, at) => `token-${at + 1000}`);
    redactor.learn(['always-there']);
    for (const value of values) redactor.learn([value, 'always-there']);
    const shown = redactor.redact(values.join(' ')).split(' ');
    expect(shown.slice(-63)).toEqual(Array(63).fill('[redacted]'));
    expect(shown[0]).toBe('token-1000');
    expect(redactor.redact('always-there')).toBe('[redacted]');
  });
});
