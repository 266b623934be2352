import { describe, expect, it } from '@jest/globals';
import {
  formatRegistrations,
  type KeptRegistration,
  parseRegistrations,
} from '../../../lib/registration-file/kept-registration.js';

const KEPT: KeptRegistration = {
  agent: { baseUrl: 'http://127.0.0.1:15010', socketPath: '/run/agent.sock' },
  dialect: 'flat',
  app: { id: '1', env: 'test', instanceId: 'i-1' },
  service: { name: 'cart', namespace: 'default', port: 80 },
  process: { pid: 7, started: 'a' },
};

const changed = (more: object) => formatRegistrations([{ ...KEPT, ...more }]);

describe('a registration file', () => {
  it('is read as it was written', () => {
    const { dialect, ...unknownDialect } = KEPT;
    const registrations = [KEPT, { ...unknownDialect, agent: { baseUrl: 'http://127.0.0.1:15010' } }];
    expect(dialect).toBe('flat');
    expect(parseRegistrations(formatRegistrations(registrations))).toEqual({ registrations });
  });

  it.each([
    ['', 'not valid JSON'],
    ['{"schema": s3cr3t}', 'not valid JSON'],
    ['[]', 'schema: is required'],
    ['null', 'file: must be an object'],
    ['{"name":"s3cr3t"}', 'schema: '],
    ['{"schema":"nestjs-sidecar-agent.registrations.v2","registrations":[]}', 'schema: must be "nestjs-'],
    [changed({ process: { pid: 0, started: '' } }), 'registrations.0.process.pid: must be a whole number'],
    [changed({ process: { pid: -1, started: '' } }), 'registrations.0.process.pid: must be a whole number'],
    [
      changed({ service: { ...KEPT.service, port: 65_536 } }),
      'registrations.0.service.port: must be a whole number from 1 to 65535',
    ],
    [changed({ dialect: 's3cr3t' }), 'registrations.0.dialect: must be "node" or "flat"'],
    [changed({ extra: 's3cr3t' }), 'registrations.0.extra: unknown field'],
  ])('%j has a fault, which does not quote it', (content, fault) => {
    const found = parseRegistrations(content);
    expect(found).toEqual({ fault: expect.stringContaining(fault) });
    expect(JSON.stringify(found)).not.toContain('s3cr3t');
  });
});
