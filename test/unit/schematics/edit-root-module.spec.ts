import { describe, expect, it } from '@jest/globals';
import ts from 'typescript';
import { editRootModule, type ModuleEntry } from '../../../lib/schematics/source/edit-root-module.js';
import { Source } from '../../../lib/schematics/source/source.js';

const SIDECAR: ModuleEntry = {
  list: 'imports',
  text: 'SidecarAgentModule.forRootAsync({ useFactory: options })',
  needs: [],
};
const HEALTH: ModuleEntry = {
  list: 'imports',
  text: 'HealthModule',
  needs: [{ name: 'HealthModule', path: './health/health.module' }],
};
const GREETER: ModuleEntry = { list: 'controllers', text: 'GreeterController', needs: [] };

function edit(metadata: string, ...entries: ModuleEntry[]): string | undefined {
  const edited = editRootModule(
    new Source(ts, `@Module(${metadata})\nexport class AppModule {}\n`),
    'AppModule',
    entries,
  );
  if ('problem' in edited) throw new Error(edited.problem);
  return /@Module\(([^]*)\)\nexport class/.exec(edited.text)?.[1];
}

describe('editRootModule', () => {
  it.each([
    ['{}', '{\n  imports: [HealthModule],\n}'],
    ['{\n  providers: [A],\n}', '{\n  imports: [HealthModule],\n  providers: [A],\n}'],
    ['{\n  imports: [],\n}', '{\n  imports: [HealthModule],\n}'],
    ['{ imports: [A, B.forRoot()] }', '{ imports: [A, B.forRoot(), HealthModule] }'],
    [
      '{\n  imports: [\n    A, // one\n    B,\n  ],\n}',
      '{\n  imports: [\n    A, // one\n    B,\n    HealthModule,\n  ],\n}',
    ],
    ['{\n  imports: [\n    A\n  ]\n}', '{\n  imports: [\n    A,\n    HealthModule\n  ]\n}'],
    ['{ imports: [A /* last */] }', '{ imports: [A, HealthModule /* last */] }'],
    ['{ imports: [/* none */] }', '{ imports: [HealthModule/* none */] }'],
  ])('adds an element to %j', (before, after) => {
    expect(edit(before, HEALTH)).toBe(after);
  });

  it('writes a line for each element if one line is too long', () => {
    expect(edit('{\n  imports: [A],\n}', SIDECAR, HEALTH)).toBe(
      `{\n  imports: [\n    A,\n    ${SIDECAR.text},\n    HealthModule,\n  ],\n}`,
    );
  });

  it('adds to several lists, and imports what the elements need', () => {
    const text = `import { Module } from '@nestjs/common';
import { AppController } from './app.controller';

@Module({ imports: [], controllers: [AppController] })
export class AppModule {}
`;
    expect(editRootModule(new Source(ts, text), 'AppModule', [HEALTH, GREETER])).toEqual({
      text: `import { Module } from '@nestjs/common';
import { AppController } from './app.controller';
import { HealthModule } from './health/health.module';

@Module({ imports: [HealthModule], controllers: [AppController, GreeterController] })
export class AppModule {}
`,
    });
  });

  it('imports files after packages', () => {
    const text = "import { Module } from '@nestjs/common';\n@Module({})\nclass AppModule {}\n";
    expect(editRootModule(new Source(ts, text), 'AppModule', [HEALTH])).toMatchObject({
      text: expect.stringMatching(/^import { Module } from '@nestjs\/common';\nimport { HealthModule }/),
    });
  });

  it('edits the class of that name', () => {
    const text = '@Module({ imports: [] })\nclass Other {}\n@Module({ imports: [] })\nclass AppModule {}\n';
    expect(editRootModule(new Source(ts, text), 'AppModule', [HEALTH])).toMatchObject({
      text: expect.stringContaining('@Module({ imports: [] })\nclass Other'),
    });
  });

  it.each([
    ['@Module({ imports: MODULES })\nclass AppModule {}', 'Its imports are not a list in brackets'],
    ['@Module({ imports: [] as [] })\nclass AppModule {}', 'Its imports are not a list in brackets'],
    ['@Module(metadata)\nclass AppModule {}', 'It has no class AppModule with @Module({ … })'],
    ['@Module({})\nclass Other {}', 'It has no class AppModule with @Module({ … })'],
    ['class AppModule {}', 'It has no class AppModule with @Module({ … })'],
  ])('does not edit %j', (text, problem) => {
    expect(editRootModule(new Source(ts, text), 'AppModule', [HEALTH])).toEqual({ problem });
  });
});
