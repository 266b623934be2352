import { describe, expect, it } from '@jest/globals';
import { SidecarAgentError } from '../../../lib/errors/sidecar-agent.error.js';
import { SidecarApiError } from '../../../lib/errors/sidecar-api.error.js';
import { SidecarConnectionError } from '../../../lib/errors/sidecar-connection.error.js';
import { errorTypeOf } from '../../../lib/otel/error-type.js';

const refusal = (statusCode: number) =>
  new SidecarApiError({ method: 'POST', path: '/register', statusCode, code: 'busy', reason: '' });
const connection = (code: string) => new SidecarConnectionError('http://127.0.0.1:1', code, 'no answer');

describe('the attribute error.type', () => {
  it.each<[string, unknown, string]>([
    ['the status of a refusal', refusal(503), '503'],
    ['the status of a redirect', refusal(302), '302'],
    ['the kind of a refusal with status 200', refusal(200), 'sidecar_api'],
    ['the code of a failed connection', connection('ECONNREFUSED'), 'ECONNREFUSED'],
    ['the kind of a failed connection without a code', connection(''), 'sidecar_connection'],
    ['the kind of any other error', new SidecarAgentError('invalid_options', 'no'), 'invalid_options'],
    ['one for what is no error of the package', new TypeError('no'), 'runtime_error'],
    ['one for what is no error', 'no', 'runtime_error'],
  ])('is %s', (_what, thrown, type) => {
    expect(errorTypeOf(thrown)).toBe(type);
  });
});
