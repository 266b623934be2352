import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import ts from 'typescript';
import { install } from './support/install.mjs';

/** Inferred types of what the package gives: the compiler must name them in declarations. */
const USER = `
import { grpcClientOptions, SidecarAgent, SidecarAgentError, SidecarAgentModule, SidecarStatusService, WatchService } from 'nestjs-sidecar-agent';
import { sidecarAgentConfig } from 'nestjs-sidecar-agent/config';
import { consulProviders } from 'nestjs-sidecar-agent/consul';
import { SidecarAgentHealthIndicator } from 'nestjs-sidecar-agent/terminus';
import { EmbeddedAgent, SidecarAgentTestingModule, withoutSidecarAgent } from 'nestjs-sidecar-agent/testing';

export const status = (service: SidecarStatusService) =>
  ({ status: service.status(), status$: service.status$, timeline: service.timeline() });
export const events = (watch: WatchService) => watch.events$;
export const agent = (agent: SidecarAgent) => ({ beacon: agent.beacon(), updated: agent.update({ weight: 1 }) });
export const kind = (error: SidecarAgentError) => error.kind;
export const health = (indicator: SidecarAgentHealthIndicator) => indicator.ready('a');
export const seen = (agent: EmbeddedAgent) => [agent.services(), agent.requests(), agent.options()];
export const parts = { client: grpcClientOptions('a', { package: 'a' }), consul: consulProviders(), sidecarAgentConfig };
export const modules = [SidecarAgentModule.forRoot, SidecarAgentTestingModule.forRoot, withoutSidecarAgent];
`;

describe('the declarations of the packed package', () => {
  let project: string;

  beforeAll(() => {
    project = mkdtempSync(join(tmpdir(), 'declarations-'));
    install(project);
    writeFileSync(join(project, 'mesh.ts'), USER);
  });

  afterAll(() => rmSync(project, { recursive: true }));

  it.each([
    ['node10', ts.ModuleKind.CommonJS, ts.ModuleResolutionKind.Node10],
    ['nodenext', ts.ModuleKind.NodeNext, ts.ModuleResolutionKind.NodeNext],
    ['bundler', ts.ModuleKind.ESNext, ts.ModuleResolutionKind.Bundler],
  ])('let users declare what they infer, with moduleResolution %s', (_name, module, moduleResolution) => {
    // As Nest's generators set it.
    const options: ts.CompilerOptions = {
      ...{ module, moduleResolution, target: ts.ScriptTarget.ES2022, types: [], ignoreDeprecations: '6.0' },
      ...{
        declaration: true,
        strict: true,
        skipLibCheck: true,
        experimentalDecorators: true,
        outDir: project,
      },
    };
    const program = ts.createProgram([join(project, 'mesh.ts')], options);
    const faults = ts.getPreEmitDiagnostics(program);
    expect(faults.map(({ messageText }) => ts.flattenDiagnosticMessageText(messageText, '\n'))).toEqual([]);
  });
});
