import { posix } from 'node:path';
import type ts from 'typescript';
import type { Application } from '../application/application.js';
import { protosOf, type Proto } from '../application/protos.js';
import type { Changes } from '../changes.js';
import { grpcOptionsFile } from '../files/grpc-options-file.js';
import { greeterController, GREETER_PROTO } from '../files/greeter-files.js';
import { declaredServer } from '../source/given-server.js';
import { exportedConstant, grpcOptionsIn } from '../source/grpc-options-in.js';
import type { ModuleEntry } from '../source/edit-root-module.js';
import { moveGrpcOptions } from '../source/move-grpc-options.js';
import { Source } from '../source/source.js';
import { importedFile } from './import-path.js';
import { importsModule } from './imports-module.js';
import { notShared, untyped, type NotShared } from './options-not-shared.js';

/** The options of the gRPC server: an exported constant. */
export interface GrpcOptions {
  readonly name: string;
  readonly file: string;
  /** The name, or a property of it. */
  readonly expression: string;
  /** Whether the main file gives them to its server already. */
  readonly isServed: boolean;
  /** What the root module must have for the example, if the schematic has written one. */
  readonly entries: readonly ModuleEntry[];
  /** Whether the build must copy protos. */
  readonly copiesProtos: boolean;
  /** The main file, if the options were moved out of it. */
  readonly main?: Source;
}

/** Options that the application has: it builds their protos, and has handlers for them. */
const EXISTING = { isServed: false, entries: [], copiesProtos: false } as const;
/** The constant in the file that the schematic writes. */
const WRITTEN = { name: 'grpcOptions', expression: 'grpcOptions' } as const;

/**
 * Finds the options that the server is given, or writes some: for the protos of the application, or
 * with an example of a service if it serves none.
 *
 * @returns why the options cannot be shared with the module, if they cannot
 */
export function grpcOptions(changes: Changes, application: Application): GrpcOptions | NotShared {
  const { main, project } = application;
  const fileOf = (path: string) => importedFile(changes, posix.dirname(project.main), path);
  const used =
    main &&
    grpcOptionsIn(main, (path) => {
      const text = path.startsWith('.') ? changes.read(fileOf(path)) : undefined;
      return text === undefined ? undefined : new Source(main.ts, text);
    });
  if (used && 'problem' in used) return notShared(application, used.problem);
  if (used && 'otherType' in used) return untyped(fileOf(used.path), used.exported, used.otherType);
  if (used && 'literal' in used) return moveOptions(changes, application, used.literal);
  if (used) {
    const { exported: name, path, property } = used;
    return { ...EXISTING, name, expression: name + property, file: fileOf(path), isServed: true };
  }
  const file = `${project.sourceRoot}/grpc.options.ts`;
  const text = changes.read(file);
  if (text !== undefined) {
    if (!main) return notShared(application, 'The package typescript is not installed');
    const source = new Source(main.ts, text);
    const name = exportedConstant(source);
    if (name === undefined) return notShared(application, `${file} does not export one constant`);
    const server = declaredServer(source, name);
    if (server?.isGrpc && server.otherType) return untyped(file, name, server.otherType);
    return { ...EXISTING, name, file, expression: server?.isGrpc ? `${name}.options` : name };
  }
  if (importsModule(changes, application)) {
    const problem = 'The app has SidecarAgentModule and no gRPC server, so the rest stays as it is.';
    return { problem, lines: [] };
  }
  return writeOptions(changes, application, file);
}

/** The new file is beside the main file, so that relative paths in the options stay right. */
function moveOptions(
  changes: Changes,
  application: Application,
  literal: ts.ObjectLiteralExpression,
): GrpcOptions | NotShared {
  const { main, project, importEnding } = application;
  const file = `${posix.dirname(project.main)}/grpc.options.ts`;
  if (!main || changes.exists(file)) return notShared(application, `It does not use the options of ${file}`);
  const moved = moveGrpcOptions(main, literal, `./grpc.options${importEnding}`);
  if ('problem' in moved) return notShared(application, moved.problem);
  changes.write(file, moved.options);
  changes.write(project.main, moved.main);
  const source = new Source(main.ts, moved.main);
  return { ...EXISTING, ...WRITTEN, file, isServed: true, main: source };
}

function writeOptions(changes: Changes, application: Application, file: string): GrpcOptions {
  const { sourceRoot } = application.project;
  const protos = servesGrpc(changes, sourceRoot) ? protosOf(changes, application.project) : [];
  const isExample = protos.length === 0;
  const served: readonly Proto[] = isExample
    ? [{ package: 'greeter.v1', path: 'proto/greeter.proto' }]
    : protos;
  changes.write(file, grpcOptionsFile(application, served));
  const copiesProtos = served.some(({ path }) => !path.startsWith('../'));
  const entries = isExample ? writeExample(changes, application) : [];
  return { ...WRITTEN, file, isServed: false, entries, copiesProtos };
}

function servesGrpc(changes: Changes, sourceRoot: string): boolean {
  const sources = changes.list(sourceRoot, '.ts');
  return sources.some((path) => /@Grpc(Stream)?(Method|Call)\(/.test(changes.read(path) ?? ''));
}

function writeExample(changes: Changes, { project, importEnding }: Application): ModuleEntry[] {
  const proto = `${project.sourceRoot}/proto/greeter.proto`;
  const controller = `${project.sourceRoot}/greeter.controller.ts`;
  const isNew = [changes.create(proto, GREETER_PROTO), changes.create(controller, greeterController())];
  if (isNew.includes(true)) {
    const what = 'an example of a gRPC service, since the app served none';
    changes.examples.push({ file: proto, what }, { file: controller, what: 'its handler' });
  }
  const needs = [{ name: 'GreeterController', path: `./greeter.controller${importEnding}` }];
  return [{ list: 'controllers', text: 'GreeterController', needs }];
}
