import { describe, expect, it } from '@jest/globals';
import { HEALTH_CONTROLLER, healthModule } from '../../../lib/schematics/files/health-files.js';
import { grpcOptionsFile } from '../../../lib/schematics/files/grpc-options-file.js';
import { documentedFile } from '../../compat/support/user-project.js';

const PROJECT = { sourceRoot: 'src', main: 'src/main.ts', isBundled: false, compilerOptions: [] };

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
    expect(grpcOptionsFile({ isEsm: false, nest: 11, project: PROJECT }, protos)).toContain(`  package: [
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

  it('finds the protos beside a bundle of the Nest 12 CLI, which copies them with their path', () => {
    const project = { ...PROJECT, name: 'shop', sourceRoot: 'apps/shop/src', isBundled: true };
    const protos = [{ package: 'a.v1', path: 'proto/a.proto' }];
    const text = grpcOptionsFile({ isEsm: true, nest: 12, project }, protos);
    expect(text).toContain(`const copied = join(import.meta.dirname, 'apps/shop/src');
const folder = existsSync(copied) ? copied : import.meta.dirname;
`);
    expect(text).toContain("protoPath: join(folder, 'proto/a.proto'),");
    expect(grpcOptionsFile({ isEsm: false, nest: 11, project }, protos)).not.toContain('existsSync');
  });
});
