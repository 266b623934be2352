import type { Run } from '../add-flags.js';
import { findAppStart, type AppStart } from './app-start.js';
import { runManaged } from './run-managed.js';
import type { Source } from './source.js';
import { applyEdits, indentAt, type TextEdit } from './text-edits.js';
import { withoutHooks } from './without-hooks.js';

/** What the main file imports the options of the gRPC server by. */
export interface ImportedOptions {
  readonly name: string;
  readonly path: string;
  /** The options: the name, or a property of it. Default: the name. */
  readonly expression?: string;
  /** Whether the main file gives a gRPC server to the app that it imports as a whole. */
  readonly isServed?: boolean;
}

/**
 * Lets the main file start the gRPC server, and end by `runSidecarApp` or shutdown hooks. It
 * replaces hooks by `runSidecarApp`, and keeps `runSidecarApp`.
 *
 * @returns the new text, or why the file cannot be changed
 */
export function editMain(
  source: Source,
  run: Run,
  options: ImportedOptions,
): { text: string } | { problem: string } {
  const runsManaged = source.callsNamed('runSidecarApp').length > 0;
  const start = findAppStart(source);
  const servesGrpc = options.isServed || namesGrpc(source);
  if ('problem' in start) {
    // The developer has added the lines, in a form that is not known here.
    const isHooked = run === 'hooks' && servesGrpc && source.callsNamed('enableShutdownHooks').length > 0;
    return runsManaged || isHooked ? { text: source.text } : start;
  }
  if (!servesGrpc && start.method === 'createMicroservice') {
    return { problem: 'Its microservice does not use Transport.GRPC' };
  }
  if (runsManaged) {
    return servesGrpc ? { text: source.text } : { problem: 'It calls runSidecarApp without a gRPC server' };
  }
  const plain = run === 'managed' ? withoutHooks(source, start.app) : source;
  if (plain !== source) return editMain(plain, run, options);
  const connect = servesGrpc ? [] : connectGrpc(start.app, options.expression ?? options.name);
  const edits = run === 'managed' ? runManaged(source, start, connect) : hooked(source, start, connect);
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

/** Returns whether the file itself says that a server is one of gRPC. */
export function namesGrpc(source: Source): boolean {
  return source
    .find((node) => source.ts.isPropertyAccessExpression(node))
    .some((node) => node.getText() === 'Transport.GRPC');
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
    ...(source.calls(`${app}.enableShutdownHooks`)
      ? []
      : [`${app}.enableShutdownHooks(['SIGTERM', 'SIGINT'], { useProcessExit: true });`]),
    ...(method === 'create' && !source.calls(`${app}.startAllMicroservices`)
      ? [`await ${app}.startAllMicroservices();`]
      : []),
  ];
  if (lines.length === 0) return [];
  return [{ start, end: start, text: lines.map((line) => `${line}\n${indent}`).join('') }];
}
