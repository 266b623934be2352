import { posix } from 'node:path';
import type ts from 'typescript';
import type { Application } from '../application/application.js';
import type { Changes } from '../changes.js';
import { grpcOptionsFile } from '../files/grpc-options-file.js';
import { greeterController, GREETER_PROTO } from '../files/greeter-files.js';
import { exportedConstant, grpcOptionsIn } from '../source/grpc-options-in.js';
import type { ModuleEntry } from '../source/edit-root-module.js';
import { moveGrpcOptions } from '../source/move-grpc-options.js';
import { Source } from '../source/source.js';
import { protosOf, type Proto } from '../application/protos.js';

/** The options of the gRPC server: an exported constant. */
export interface GrpcOptions {
  readonly name: string;
  readonly file: string;
  /** What the root module must have for the example, if the schematic has written one. */
  readonly entries: readonly ModuleEntry[];
  /** Whether the build must copy protos. */
  readonly copiesProtos: boolean;
  /** The main file, if the options were moved out of it. */
  readonly main?: Source;
}

/**
 * Finds the options that the server is given, or writes some: for the protos of the application, or
 * with an example of a service if it serves none.
 *
 * @returns why the options cannot be shared with the module, if they cannot
 */
export function grpcOptions(changes: Changes, application: Application): GrpcOptions | { problem: string } {
  const { main, project } = application;
  const used = main ? grpcOptionsIn(main) : undefined;
  if (used && 'problem' in used) return used;
  const folder = posix.dirname(project.main);
  if (used && 'literal' in used) return moveOptions(changes, application, used.literal);
  if (used) {
    const path = `${posix.join(folder, used.path.replace(/\.[jt]s$/, ''))}.ts`;
    return { name: used.exported, file: path, entries: [], copiesProtos: false };
  }
  const file = `${project.sourceRoot}/grpc.options.ts`;
  const text = changes.read(file);
  if (text !== undefined) {
    if (!main) return { problem: 'The package typescript is not installed' };
    const name = exportedConstant(new Source(main.ts, text));
    if (name === undefined) return { problem: `${file} does not export one constant` };
    return { name, file, entries: [], copiesProtos: false };
  }
  return writeOptions(changes, application, file);
}

/** The new file is beside the main file, so that relative paths in the options stay right. */
function moveOptions(
  changes: Changes,
  { main, project, importEnding }: Application,
  literal: ts.ObjectLiteralExpression,
): GrpcOptions | { problem: string } {
  const file = `${posix.dirname(project.main)}/grpc.options.ts`;
  if (!main || changes.exists(file)) return { problem: `It does not use the options of ${file}` };
  const moved = moveGrpcOptions(main, literal, `./grpc.options${importEnding}`);
  if ('problem' in moved) return moved;
  changes.write(file, moved.options);
  changes.write(project.main, moved.main);
  const source = new Source(main.ts, moved.main);
  return { name: 'grpcOptions', file, entries: [], copiesProtos: false, main: source };
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
  return { name: 'grpcOptions', file, entries, copiesProtos };
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
