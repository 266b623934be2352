import { describe, expect, it } from '@jest/globals';
import {
  ageText,
  baseUrlLine,
  clockTime,
  grpcurlLine,
  groupMethods,
  variableLine,
} from '../../../../lib/agent-page/view/format.js';

describe('ageText', () => {
  const at = '2026-11-21T20:05:29.000Z';
  it.each([
    [0, 'just now'],
    [-5_000, 'just now'],
    [999, 'just now'],
    [1_000, '1 s ago'],
    [59_999, '59 s ago'],
    [60_000, '1 min ago'],
    [3_599_999, '59 min ago'],
    [3_600_000, '1 h ago'],
    [86_399_999, '23 h ago'],
    [86_400_000, '1 d ago'],
  ])('after %d ms', (later, text) => {
    expect(ageText(at, Date.parse(at) + later)).toBe(text);
  });
});

describe('clockTime', () => {
  it('is the time of day where the page is', () => {
    const at = new Date(2026, 10, 21, 9, 5, 4);
    expect(clockTime(at.toISOString())).toBe('09:05:04');
  });
});

describe('groupMethods', () => {
  it('groups methods by their gRPC service, sorted', () => {
    expect(groupMethods(['/b.B/Two', '/a.A/One', '/b.B/One'])).toEqual([
      { service: 'a.A', methods: [{ name: 'One', fullName: '/a.A/One' }] },
      {
        service: 'b.B',
        methods: [
          { name: 'One', fullName: '/b.B/One' },
          { name: 'Two', fullName: '/b.B/Two' },
        ],
      },
    ]);
  });

  it('takes a method without a service', () => {
    expect(groupMethods(['/One'])).toEqual([{ service: '', methods: [{ name: 'One', fullName: '/One' }] }]);
  });
});

describe('the lines to copy', () => {
  it('call a method', () => {
    expect(grpcurlLine(10500, '/acme.auth.v1.AuthService/Login')).toBe(
      "grpcurl -plaintext -d '{}' 127.0.0.1:10500 acme.auth.v1.AuthService/Login",
    );
  });

  it.each([
    ['/a.A/$(touch x)', "'a.A/$(touch x)'"],
    ['/a.A/a b;c', "'a.A/a b;c'"],
    ["/a.A/it's", String.raw`'a.A/it'\''s'`],
  ])('are one word for a shell: %s', (method, word) => {
    expect(grpcurlLine(1, method)).toBe(`grpcurl -plaintext -d '{}' 127.0.0.1:1 ${word}`);
  });

  it('say where the agent is', () => {
    expect(baseUrlLine('http://127.0.0.1:15010')).toBe("baseUrl: 'http://127.0.0.1:15010',");
    expect(variableLine('http://127.0.0.1:15010')).toBe('SIDECAR_AGENT_BASE_URL=http://127.0.0.1:15010');
  });
});
