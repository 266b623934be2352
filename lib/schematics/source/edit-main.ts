import type ts from 'typescript';
import type { Run } from '../add-flags.js';
import { findAppStart, type AppStart } from './app-start.js';
import type { Source } from './source.js';
import { applyEdits, indentAt, type TextEdit } from './text-edits.js';

/** What the main file imports the options of the gRPC server by. */
export interface ImportedOptions {
  readonly name: string;
  readonly path: string;
}

/**
 * Lets the main file start the gRPC server, and end by `runSidecarApp` or shutdown hooks.
 *
 * @returns the new text, or why the file cannot be changed
 */
export function editMain(
  source: Source,
  run: Run,
  options: ImportedOptions,
): { text: string } | { problem: string } {
  const runsManaged = source.calls(/^runSidecarApp$/);
  const start = findAppStart(source);
  if ('problem' in start) return runsManaged ? { text: source.text } : start;
  const servesGrpc = source
    .find((node) => source.ts.isPropertyAccessExpression(node))
    .some((node) => node.getText() === 'Transport.GRPC');
  if (!servesGrpc && start.method === 'createMicroservice') {
    return { problem: 'Its microservice does not use Transport.GRPC' };
  }
  if (runsManaged) {
    return servesGrpc ? { text: source.text } : { problem: 'It calls runSidecarApp without a gRPC server' };
  }
  const connect = servesGrpc ? [] : connectGrpc(start.app, options.name);
  const edits = run === 'managed' ? managed(source, start, connect) : hooked(source, start, connect);
  if ('problem' in edits) return edits;
  if (edits.length === 0) return { text: source.text };
  const imports = [
    ...(servesGrpc
      ? []
      : [
          ...source.importEdits(['type MicroserviceOptions', 'Transport'], '@nestjs/microservices'),
          ...source.importEdits([options.name], options.path),
        ]),
    ...(run === 'managed' ? source.importEdits(['runSidecarApp'], 'nestjs-sidecar-agent') : []),
  ];
  return { text: applyEdits(source.text, [...imports, ...edits]) };
}

/** Returns the lines that let an app serve gRPC. */
export function connectGrpc(app: string, options: string): string[] {
  return [
    `${app}.connectMicroservice<MicroserviceOptions>({`,
    '  transport: Transport.GRPC,',
    `  options: ${options},`,
    '});',
  ];
}

/** Puts the statements that listen into a function for `runSidecarApp`. */
function managed(
  source: Source,
  { app, method, listening }: AppStart,
  connect: readonly string[],
): TextEdit[] | { problem: string } {
  const { ts } = source;
  const [first] = listening;
  const returning = listening.some((each) => ts.isReturnStatement(each) || returnsWithin(source, each));
  if (returning) return { problem: 'It returns after it listens' };
  const movable = listening.every((each) => ts.isExpressionStatement(each) || ts.isVariableStatement(each));
  if (!movable) return { problem: 'It has declarations or branches after it listens' };
  const last = listening.at(-1) ?? first;
  const begin = first.getStart();
  const indent = indentAt(source.text, begin);
  const plain = listening.length === 1 && /^await \w+\.listen\(\);?$/.test(first.getText());
  const starts = method !== 'create' || callsOn(source, app, 'startAllMicroservices');
  const head = connect.map((line) => `${line}\n${indent}`).join('');
  const call =
    plain && method === 'createMicroservice'
      ? `await runSidecarApp(${app});`
      : [
          `await runSidecarApp(${app}, {`,
          '  listen: async () => {',
          ...(starts ? [] : [`    await ${app}.startAllMicroservices();`]),
          `    ${indented(source, begin, last.end, '    ')}`,
          '  },',
          '});',
        ].join(`\n${indent}`);
  return [{ start: begin, end: last.end, text: head + call }];
}

/** Lets Nest's shutdown hooks run at a signal. */
function hooked(
  source: Source,
  { app, method, listening }: AppStart,
  connect: readonly string[],
): TextEdit[] {
  const [first] = listening;
  const start = first.getStart();
  const indent = indentAt(source.text, start);
  const lines = [
    ...connect,
    ...(callsOn(source, app, 'enableShutdownHooks')
      ? []
      : [`${app}.enableShutdownHooks(['SIGTERM', 'SIGINT'], { useProcessExit: true });`]),
    ...(method === 'create' && !callsOn(source, app, 'startAllMicroservices')
      ? [`await ${app}.startAllMicroservices();`]
      : []),
  ];
  if (lines.length === 0) return [];
  return [{ start, end: start, text: lines.map((line) => `${line}\n${indent}`).join('') }];
}

function callsOn(source: Source, app: string, method: string): boolean {
  return source.calls(new RegExp(`^${app}\\s*\\.${method}$`));
}

/** Returns whether a statement has a `return` that is not one of a function in it. */
function returnsWithin({ ts }: Source, statement: ts.Node): boolean {
  let found = false;
  const visit = (node: ts.Node): void => {
    if (ts.isFunctionLike(node)) return;
    if (ts.isReturnStatement(node)) found = true;
    else ts.forEachChild(node, visit);
  };
  visit(statement);
  return found;
}

/** Indents the lines after the first, but for those within a template literal. */
function indented(source: Source, begin: number, end: number, by: string): string {
  const { ts, text } = source;
  const templates = source.find(
    (node) => ts.isNoSubstitutionTemplateLiteral(node) || ts.isTemplateExpression(node),
  );
  const isInTemplate = (place: number) =>
    templates.some((each) => each.getStart() < place && place < each.end);
  let place = begin;
  return text
    .slice(begin, end)
    .split('\n')
    .map((line, index) => {
      const lineStart = place;
      place += line.length + 1;
      return index === 0 || line.trim() === '' || isInTemplate(lineStart) ? line : by + line;
    })
    .join('\n');
}
