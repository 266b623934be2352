import { describe, expect, it } from '@jest/globals';
import { SidecarConnectionError } from '../../../../lib/errors/sidecar-connection.error.js';
import {
  connectionFailure,
  explainFailure,
  isClosedByAgent,
  isTlsFailure,
} from '../../../../lib/agent/connection/connection-failure.js';
import { consulKind } from '../../../../lib/consul/consul-kind.js';

const AGENT = { origin: 'http://127.0.0.1:15010', basePath: '', watchPath: '/watch', headers: {} };
const SOCKET = { ...AGENT, origin: 'http://localhost', socketPath: '/run/agent.sock' };

const failure = (code: string) => Object.assign(new Error('failed'), { code });

describe('explainFailure', () => {
  it('names the address, the code, both default ports and the option to check', () => {
    expect(explainFailure(AGENT, failure('ECONNREFUSED'))).toBe(
      'cannot reach the sidecar-agent at http://127.0.0.1:15010 (ECONNREFUSED): ' +
        'is it running? check baseUrl (agents listen on port 15010 or 18600)',
    );
  });

  it('names the socket', () => {
    expect(explainFailure(SOCKET, failure('ENOENT'))).toBe(
      'cannot reach the sidecar-agent at /run/agent.sock (ENOENT): ' + 'is it running? check socketPath',
    );
  });

  it.each([
    ['ECONNRESET', '(ECONNRESET)'],
    [
      'UND_ERR_SOCKET',
      '(UND_ERR_SOCKET); it closed the connection: if it stays so, check baseUrl ' +
        '(agents listen on port 15010 or 18600)',
    ],
    ['CERT_HAS_EXPIRED', "(CERT_HAS_EXPIRED); check the agent's certificate and the option tls"],
    [
      'ERR_SSL_WRONG_VERSION_NUMBER',
      '(ERR_SSL_WRONG_VERSION_NUMBER); if the agent does not use TLS, give an http:// baseUrl',
    ],
    [
      'HPE_INVALID_CONSTANT',
      '(HPE_INVALID_CONSTANT); the answer is not HTTP: check baseUrl (agents listen on port 15010 or 18600)',
    ],
  ])('of %s', (code, told) => {
    expect(explainFailure(AGENT, failure(code))).toBe(
      `the connection to the sidecar-agent at http://127.0.0.1:15010 failed ${told}`,
    );
  });

  it.each([
    ['CERT_HAS_EXPIRED', "check the agent's certificate and CONSUL_CACERT, or the option tls"],
    [
      'ERR_SSL_WRONG_VERSION_NUMBER',
      'if the agent does not use TLS, give an http:// address with CONSUL_HTTP_ADDR or baseUrl, ' +
        'and leave CONSUL_HTTP_SSL out',
    ],
  ])('of %s at Consul names what is set there', (code, told) => {
    const kind = consulKind({ address: '' });
    expect(explainFailure({ ...AGENT, kind }, failure(code))).toBe(
      `the connection to the Consul agent at http://127.0.0.1:15010 failed (${code}); ${told}`,
    );
  });

  it('shows the message of an error without a code', () => {
    expect(explainFailure(AGENT, new Error('odd'))).toMatch(/ failed \(odd\)$/);
  });
});

describe('connectionFailure', () => {
  it('keeps the code of the cause and the thrown error', () => {
    const thrown = new Error('outer', { cause: failure('ECONNREFUSED') });
    const error = connectionFailure(AGENT, thrown);
    expect(error).toMatchObject({ url: AGENT.origin, code: 'ECONNREFUSED', cause: thrown });
  });

  it('returns a SidecarConnectionError as it is', () => {
    const thrown = new SidecarConnectionError(AGENT.origin, 'ETIMEDOUT', 'late');
    expect(connectionFailure(AGENT, thrown)).toBe(thrown);
  });
});

it.each(['UND_ERR_SOCKET', 'ECONNRESET', 'EPIPE'])('isClosedByAgent is true of %s', (code) => {
  expect(isClosedByAgent(failure(code))).toBe(true);
  expect(isTlsFailure(failure(code))).toBe(false);
});

it.each(['EPROTO', 'DEPTH_ZERO_SELF_SIGNED_CERT', 'ERR_TLS_CERT_ALTNAME_INVALID', 'UNABLE_TO_GET_CRL'])(
  'isTlsFailure is true of %s',
  (code) => {
    expect(isTlsFailure(failure(code))).toBe(true);
    expect(isClosedByAgent(failure(code))).toBe(false);
  },
);

it.each([undefined, null, 'text', {}, failure('ECONNREFUSED')])('both are false of %p', (thrown) => {
  expect([isClosedByAgent(thrown), isTlsFailure(thrown)]).toEqual([false, false]);
});
