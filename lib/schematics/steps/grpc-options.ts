import { posix } from 'node:path';
import type ts from 'typescript';
import type { Application } from '../application/application.js';
import { protosOf, type Proto } from '../application/protos.js';
import type { Changes } from '../changes.js';
import { grpcOptionsFile } from '../files/grpc-options-file.js';
import { greeterController, GREETER_PROTO } from '../files/greeter-files.js';
import { exportedConstant, grpcOptionsIn } from '../source/grpc-options-in.js';
import type { ModuleEntry } from '../source/edit-root-module.js';
import { moveGrpcOptions } from '../source/move-grpc-options.js';
import { Source } from '../source/source.js';
import { importsModule } from './imports-module.js';

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

/** Why the rest of the application stays as it is, and lines to write. */
interface Problem {
  readonly problem: string;
  readonly lines: readonly string[];
}

/**
 * Finds the options that the server is given, or writes some: for the protos of the application, or
 * with an example of a service if it serves none.
 *
 * @returns why the options cannot be shared with the module, if they cannot
 */
export function grpcOptions(changes: Changes, application: Application): GrpcOptions | Problem {
  const { main, project } = application;
  const used = main ? grpcOptionsIn(main) : undefined;
  if (used && 'problem' in used) return notShared(application, used.problem);
  const folder = posix.dirname(project.main);
  if (used && 'literal' in used) return moveOptions(changes, application, used.literal);
  if (used) {
    const path = `${posix.join(folder, used.path.replace(/\.[jt]s$/, ''))}.ts`;
    return { name: used.exported, file: path, entries: [], copiesProtos: false };
  }
  const file = `${project.sourceRoot}/grpc.options.ts`;
  const text = changes.read(file);
  if (text !== undefined) {
    const name = main && exportedConstant(new Source(main.ts, text));
    if (name === undefined) {
      const problem = main
        ? `${file} does not export one constant`
        : 'The package typescript is not installed';
      return notShared(application, problem);
    }
    return { name, file, entries: [], copiesProtos: false };
  }
  if (importsModule(changes, application)) {
    const problem = 'The app has SidecarAgentModule and no gRPC server, so the rest stays as it is.';
    return { problem, lines: [] };
  }
  return writeOptions(changes, application, file);
}

function notShared({ project }: Application, reason: string): Problem {
  const lines = [
    `// in ${project.sourceRoot}/grpc.options.ts, with what the server has now`,
    `import type { GrpcOptions } from '@nestjs/microservices';`,
    '',
    `export const grpcOptions: GrpcOptions['options'] = {`,
    '  // package, protoPath, url …',
    '};',
    '',
    `// in ${project.main}: options: grpcOptions, imported from there. Then run nest add again`,
  ];
  return { problem: `${reason}. The server and the module must have the same options. Write:`, lines };
}

/** The new file is beside the main file, so that relative paths in the options stay right. */
function moveOptions(
  changes: Changes,
  application: Application,
  literal: ts.ObjectLiteralExpression,
): GrpcOptions | Problem {
  const { main, project, importEnding } = application;
  const file = `${posix.dirname(project.main)}/grpc.options.ts`;
  if (!main || changes.exists(file)) return notShared(application, `It does not use the options of ${file}`);
  const moved = moveGrpcOptions(main, literal, `./grpc.options${importEnding}`);
  if ('problem' in moved) return notShared(application, moved.problem);
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
