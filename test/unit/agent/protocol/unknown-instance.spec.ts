import { describe, expect, it } from '@jest/globals';
import { isUnknownInstance } from '../../../../lib/agent/protocol/unknown-instance.js';
import { SidecarApiError } from '../../../../lib/errors/sidecar-api.error.js';
import { SidecarConnectionError } from '../../../../lib/errors/sidecar-connection.error.js';

const refusal = (statusCode: number, code: string, reason: string) =>
  new SidecarApiError({ method: 'POST', path: '/deregister', statusCode, code, reason });

describe('isUnknownInstance', () => {
  it.each([
    [400, 'unknown_instance', ''],
    [400, 'deregister_failed', 'instance not found'],
    [400, '', 'local service not found: greeter:10500'],
    [400, '', 'Service is Not Registered'],
    [400, '', 'unknown service greeter'],
    [400, '', 'Unknown Instance'],
    [400, '', 'Unexpected response code: 404 (No service registered with ID "i-1")'],
    [400, '', 'Unexpected response code: 404 (Unknown service ID "i-1". Ensure that …)'],
    [404, '', '404 page not found'],
    [404, '', ''],
  ])('is true of %s %j %j', (statusCode, code, reason) => {
    expect(isUnknownInstance(refusal(statusCode, code, reason))).toBe(true);
  });

  it.each([
    [400, '', ''],
    [400, 'deregister_failed', 'connect to consul: connection refused'],
    [400, 'deregister_failed', 'unknown field servicename'],
    [400, '', 'unknown services'],
    [400, '', 'Unexpected response code: 403 (Permission denied)'],
    [400, '', 'Unexpected response code: 500 (No cluster leader)'],
    [400, '', 'notfound'],
    [401, '', 'not registered as a client'],
    [403, 'unknown_instance', 'instance not found'],
    [405, '', 'unknown service'],
    [408, '', ''],
    [409, 'unknown_instance', ''],
    [410, '', 'instance not found'],
    [429, '', 'too many requests'],
    [499, '', 'not found'],
    [500, 'unknown_instance', 'instance not found'],
    [200, 'unknown_instance', 'instance not found'],
  ])('is false of %s %j %j', (statusCode, code, reason) => {
    expect(isUnknownInstance(refusal(statusCode, code, reason))).toBe(false);
  });

  it('is true of the code of Consul, whose calls are PUT, and false of it at a sidecar-agent', () => {
    const failure = { path: '/', statusCode: 500, code: 'unknown_service', reason: '' };
    expect(isUnknownInstance(new SidecarApiError({ ...failure, method: 'PUT' }))).toBe(true);
    expect(isUnknownInstance(new SidecarApiError({ ...failure, method: 'POST' }))).toBe(false);
    const other = { ...failure, method: 'PUT', code: 'no_leader' };
    expect(isUnknownInstance(new SidecarApiError(other))).toBe(false);
  });

  it('is false of a call without an answer, whatever its text', () => {
    expect(isUnknownInstance(new SidecarConnectionError('http://agent', '', 'agent not found'))).toBe(false);
  });
});
