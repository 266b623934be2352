import { describe, expect, it } from '@jest/globals';
import { HEALTH_CONTROLLER, healthModule } from '../../../lib/schematics/files/health-files.js';
import { grpcOptionsFile } from '../../../lib/schematics/files/grpc-options-file.js';
import { documentedFile } from '../../compat/support/user-project.js';

describe('the files that nest add writes', () => {
  it('has the health controller of the documentation', () => {
    const page = 'docs/health-checks.md';
    expect(HEALTH_CONTROLLER).toBe(documentedFile(page, 'health.controller.ts'));
    expect(healthModule('.js')).toBe(documentedFile(page, 'health.module.ts'));
  });

  it('imports without an ending if the application does', () => {
    expect(healthModule('')).toContain("from './health.controller';");
  });

  it('lists several protos, and each package once', () => {
    const protos = [
      { package: 'a.v1', path: 'proto/a.proto' },
      { package: 'a.v1', path: '../proto/b.proto' },
      { package: 'c.v1', path: 'c.proto' },
    ];
    expect(grpcOptionsFile({ isEsm: false }, protos)).toContain(`  package: [
    'a.v1',
    'c.v1',
  ],
  protoPath: [
    join(__dirname, 'proto/a.proto'),
    join(__dirname, '../proto/b.proto'),
    join(__dirname, 'c.proto'),
  ],
`);
  });
});
