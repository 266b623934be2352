import { existsSync } from 'node:fs';
import { dirname, resolve } from 'node:path';
import protobuf from 'protobufjs';
import { messageOf } from '../support/text/describe-thrown.js';
import { httpRuleOf } from '../service/routes/google-http-rules.js';
import { protoIncludeDir } from '../service/grpc/proto-include-dir.js';
import { CliError } from './cli.error.js';

/** A gRPC service of the loaded protos. */
export interface ProtoService {
  /** The full name: `acme.auth.v1.AuthService`. */
  readonly name: string;
  /** The package it is in, empty for none. */
  readonly packageName: string;
  /** Whether one of the given files declares it, and not one that they import. */
  readonly isGiven: boolean;
  /** The full paths of its methods, each with its `google.api.http` annotation. */
  readonly rules: ReadonlyMap<string, unknown>;
}

/**
 * Loads .proto files with all that they import.
 *
 * @param protos paths, from the working directory or from an include directory
 * @throws CliError naming the file
 */
export function loadProtoServices(protos: readonly string[], includeDirs: readonly string[]): ProtoService[] {
  const directories = [...includeDirs, protoIncludeDir()];
  const files = protos.map((proto) => {
    const file = firstExisting(['.', ...directories], proto);
    if (file === undefined) {
      throw new CliError(`--proto ${proto}: there is no such file, here or in ${directories.join(', ')}`, 1);
    }
    return file;
  });
  const root = new protobuf.Root();
  root.resolvePath = (origin, target) => {
    const file = firstExisting([...directories, dirname(origin)], target);
    if (file !== undefined) return file;
    throw new CliError(
      `${origin} imports "${target}", which is neither beside it nor in an include directory: give its root with --include-dir`,
      1,
    );
  };
  try {
    // The paths are resolved already, and are not to be looked for again.
    for (const file of files) if (!root.files.includes(file)) root.loadSync(file, { keepCase: true });
    root.resolveAll();
  } catch (cause) {
    if (cause instanceof CliError) throw cause;
    throw new CliError(`cannot load ${files.join(', ')}: ${messageOf(cause)}`, 1, { cause });
  }
  return listServices(root, new Set(files));
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
