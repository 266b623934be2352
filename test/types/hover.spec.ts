import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from '@jest/globals';
import ts from 'typescript';
import { ROOT } from '../docs/support/pages.js';

/** What an editor shows of a name. */
interface Hover {
  readonly type: string;
  readonly text: string;
  readonly tags: readonly string[];
}

const NAMES = { forRoot: 'forRoot', forRootAsync: 'forRootAsync', module: 'SidecarAgentModule' };
const OPTIONS = `{
  app: { id: '10001', name: 'auth-center', env: 'prod', version: 'v1.3.4', instanceId: 'a', secret: 's' },
  service: { name: 'auth', namespace: 'iam', type: 'svc', clusterDomain: 'mesh', port: 1, weight: 1 },
  grpc: { package: 'a', protoPath: 'a.proto' },
}`;
const USER = `
import { SidecarAgentModule, type SidecarAgentOptions, type SidecarAgentModuleExtras } from 'nestjs-sidecar-agent';
SidecarAgentModule.forRoot(${OPTIONS});
SidecarAgentModule.forRootAsync({ useFactory: () => (${OPTIONS}), isGlobal: false, name: 'a', providers: [] });
export type All = SidecarAgentOptions & SidecarAgentModuleExtras;
`;

const FAULTY = `
import { SidecarAgentModule } from 'nestjs-sidecar-agent';
const { app, service, grpc } = ${OPTIONS};
`;

/** TypeScript's language service, as an editor runs it, on a file of a user beside the package. */
function editorOf(source: string, moduleResolution: ts.ModuleResolutionKind) {
  const file = join(ROOT, 'hover-of-a-user.ts');
  const module =
    moduleResolution === ts.ModuleResolutionKind.Bundler ? ts.ModuleKind.ESNext : ts.ModuleKind.NodeNext;
  const target = ts.ScriptTarget.ES2022;
  const options: ts.CompilerOptions = { module, moduleResolution, target, strict: true, types: [] };
  const textOf = (path: string) => (path === file ? source : ts.sys.readFile(path));
  const service = ts.createLanguageService({
    getScriptFileNames: () => [file],
    getScriptVersion: () => '1',
    getScriptSnapshot: (path) => {
      const text = textOf(path);
      return text === undefined ? undefined : ts.ScriptSnapshot.fromString(text);
    },
    getCurrentDirectory: () => ROOT,
    getCompilationSettings: () => options,
    getDefaultLibFileName: (given) => ts.getDefaultLibFilePath(given),
    fileExists: (path) => path === file || ts.sys.fileExists(path),
    readFile: textOf,
    directoryExists: (path) => ts.sys.directoryExists(path),
  });
  return { service, file };
}

function hoverAt(editor: ReturnType<typeof editorOf>, position: number): Hover {
  const info = editor.service.getQuickInfoAtPosition(editor.file, position);
  return {
    type: ts.displayPartsToString(info?.displayParts),
    text: ts.displayPartsToString(info?.documentation),
    tags: (info?.tags ?? []).map(({ name }) => name),
  };
}

describe.each([
  ['nodenext', ts.ModuleResolutionKind.NodeNext],
  ['bundler', ts.ModuleResolutionKind.Bundler],
])('what an editor shows, with moduleResolution %s', (_name, resolution) => {
  const editor = editorOf(USER, resolution);
  const hover = (name: string, last = false) =>
    hoverAt(editor, last ? USER.lastIndexOf(name) : USER.indexOf(name, USER.indexOf("agent';")));

  it('has no fault in the code of the user', () => {
    const faults = editor.service.getSemanticDiagnostics(editor.file);
    expect(faults.map(({ messageText }) => ts.flattenDiagnosticMessageText(messageText, '\n'))).toEqual([]);
  });

  it.each(Object.values(NAMES))('says what %s is for, with an example', (name) => {
    const { text, tags, type } = hover(name);
    expect(text).toMatch(/\w{3,} .*\./s);
    expect(tags).toContain('example');
    // The name of a constant that the package does not export tells a user nothing.
    expect(type).not.toContain('typeof OPTIONS_TYPE');
    expect(type).not.toContain('ASYNC_OPTIONS_TYPE');
  });

  it('names the types of the options', () => {
    expect(hover('forRoot').type).toContain(
      'options: (SidecarAgentOptions | DisabledOptions) & SidecarAgentModuleExtras',
    );
    expect(hover('forRootAsync').type).toContain('ConfigurableModuleAsyncOptions<SidecarAgentOptions');
  });

  it.each([
    ['service', "Property 'service' is missing", '{ app, grpc }'],
    ['grcp', "'grcp' does not exist in type", '{ app, service, grcp: grpc }'],
    ['nam', "'nam' does not exist in type", "{ app, service: { nam: 'auth' }, grpc }"],
  ])('reports a fault of %s once', (_option, message, options) => {
    const faulty = editorOf(`${FAULTY}SidecarAgentModule.forRoot(${options});`, resolution);
    const [fault, ...others] = faulty.service.getSemanticDiagnostics(faulty.file);
    expect(others).toEqual([]);
    const text = ts.flattenDiagnosticMessageText(fault?.messageText, '\n');
    expect(text.split(message)).toHaveLength(2);
    expect(text).not.toContain('overload');
  });

  it.each([false, true])('says which fields app and service need (async: %s)', (last) => {
    expect(hover('app:', last).text).toMatch(/`id`, `name`, `env` and `version` are required/);
    expect(hover('service:', last).text).toMatch(/only `name` is required/);
  });

  it.each([
    'app:',
    'id:',
    'env:',
    'version:',
    'instanceId:',
    'secret:',
    'service:',
    'namespace:',
    'type:',
    'clusterDomain:',
    'port:',
    'weight:',
    'grpc:',
    'isGlobal:',
    'providers:',
  ])('has a text for %s', (name) => {
    expect(hover(name, true).text).toMatch(/\w{3,} .*\./s);
  });

  it('has a text for every option', () => {
    const program = editor.service.getProgram();
    const checker = program?.getTypeChecker();
    const source = program?.getSourceFile(editor.file);
    const alias = source?.statements.find(ts.isTypeAliasDeclaration);
    if (!checker || !alias) throw new Error('no type All');
    const options = checker.getTypeAtLocation(alias.name).getProperties();
    const silent = options.filter((option) => option.getDocumentationComment(checker).length === 0);
    expect(options.length).toBeGreaterThan(35);
    expect(silent.map(({ name }) => name)).toEqual([]);
  });
});

it('reads the declarations that users get', () => {
  const { types } = (
    JSON.parse(readFileSync(join(ROOT, 'package.json'), 'utf8')) as { exports: { '.': { types: string } } }
  ).exports['.'];
  const editor = editorOf(USER, ts.ModuleResolutionKind.NodeNext);
  const files = editor.service.getProgram()?.getSourceFiles() ?? [];
  expect(files.map(({ fileName }) => fileName)).toContain(join(ROOT, types));
});
