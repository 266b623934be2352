import { existsSync } from 'node:fs';
import { dirname, resolve } from 'node:path';
import protobuf from 'protobufjs';
import { messageOf } from '../support/text/describe-thrown.js';
import { httpRuleOf } from '../service/routes/google-http-rules.js';
import { protoIncludeDir } from '../service/grpc/proto-include-dir.js';
import { CliError } from './cli.error.js';

/** A gRPC service that a loaded proto declares. */
export interface ProtoService {
  /** The full name: `acme.auth.v1.AuthService`. */
  readonly name: string;
  /** Its package; empty if it has none. */
  readonly packageName: string;
  /** Whether one of the given files declares it; false if only an imported file does. */
  readonly isGiven: boolean;
  /** The full paths of its methods, each with its `google.api.http` annotation. */
  readonly rules: ReadonlyMap<string, unknown>;
}

/**
 * Loads .proto files and the files that they import.
 *
 * @param protos paths, relative to the working directory or to an include directory
 * @throws {CliError} that names the file, if it cannot be found or loaded
 */
export function loadProtoServices(protos: readonly string[], includeDirs: readonly string[]): ProtoService[] {
  const directories = [...includeDirs, protoIncludeDir()];
  const files = protos.map((proto) => findProto(proto, directories));
  const root = createRoot(directories);
  try {
    for (const file of files) {
      // An import may have loaded it already.
      if (!root.files.includes(file)) root.loadSync(file, { keepCase: true });
    }
    root.resolveAll();
  } catch (cause) {
    if (cause instanceof CliError) throw cause;
    throw new CliError(`cannot load ${files.join(', ')}: ${messageOf(cause)}`, 1, { cause });
  }
  return listServices(root, new Set(files));
}

function findProto(proto: string, directories: readonly string[]): string {
  const file = firstExisting(['.', ...directories], proto);
  if (file !== undefined) return file;
  const places = ['the working directory', ...directories].join(', ');
  throw new CliError(`--proto ${proto}: file not found in ${places}`, 1);
}

function createRoot(directories: readonly string[]): protobuf.Root {
  const root = new protobuf.Root();
  root.resolvePath = (origin, target) => {
    const file = firstExisting([...directories, dirname(origin)], target);
    if (file !== undefined) return file;
    throw new CliError(
      `${origin} imports "${target}", which is not found beside it or in an include directory: add its root with --include-dir`,
      1,
    );
  };
  return root;
}

function firstExisting(directories: readonly string[], file: string): string | undefined {
  return directories.map((directory) => resolve(directory, file)).find((each) => existsSync(each));
}

function listServices(namespace: protobuf.NamespaceBase, given: ReadonlySet<string>): ProtoService[] {
  return namespace.nestedArray.flatMap((nested) => {
    if (nested instanceof protobuf.Service) return [describeService(nested, given)];
    return nested instanceof protobuf.Namespace ? listServices(nested, given) : [];
  });
}

function describeService(service: protobuf.Service, given: ReadonlySet<string>): ProtoService {
  const name = service.fullName.replace(/^\./, '');
  return {
    name,
    packageName: name.split('.').slice(0, -1).join('.'),
    isGiven: given.has(service.filename ?? ''),
    rules: new Map(
      service.methodsArray.map((method) => [
        `/${name}/${method.name}`,
        httpRuleOf(
          Object.assign({}, ...((method.parsedOptions as object[] | undefined) ?? [])) as Record<
            string,
            unknown
          >,
        ),
      ]),
    ),
  };
}
