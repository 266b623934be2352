import { describe, expect, it } from '@jest/globals';
import { withCallHeaders } from '../../../../lib/agent/connection/call-headers.js';

describe('the headers of one call', () => {
  it('are added to those of every request', () => {
    expect(withCallHeaders({ authorization: 'Bearer a' }, { traceparent: '00-1' })).toEqual({
      authorization: 'Bearer a',
      traceparent: '00-1',
    });
  });

  it('do not replace those of every request, in upper or lower case', () => {
    const headers = { Traceparent: 'mine', 'x-one': '1' };
    expect(withCallHeaders(headers, { traceparent: '00-1', 'X-One': '2', tracestate: 'a=b' })).toEqual({
      ...headers,
      tracestate: 'a=b',
    });
  });

  it.each<Record<string, string>>([
    { 'Content-Type': 'text/plain' },
    { 'CONTENT-LENGTH': '3' },
    { Connection: 'close' },
    { 'x-note': 'two\r\nlines' },
    { 'x note': 'a name with a space' },
    { 'x-count': 1 as unknown as string },
  ])('are left out if the module sets them, or if they cannot be sent: %j', (ofCall) => {
    const headers = { authorization: 'Bearer a' };
    expect(withCallHeaders(headers, { ...ofCall, traceparent: '00-1' })).toEqual({
      ...headers,
      traceparent: '00-1',
    });
  });

  it.each([undefined, {}])('cost nothing if there are none: %j', (ofCall) => {
    const headers = { authorization: 'Bearer a' };
    expect(withCallHeaders(headers, ofCall)).toBe(headers);
  });
});
