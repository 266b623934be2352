import { dirname } from 'node:path';
import { GrpcReflectionError } from '../../errors/grpc-reflection.error.js';
import { resolveProtobufjs } from '../../support/late-packages.cjs';

/**
 * Returns the directory of the package protobufjs, which has `google/api/annotations.proto` and
 * `google/api/http.proto`. Add it to the option `loader.includeDirs` of a gRPC server whose proto
 * imports them, as protos with HTTP routes do.
 *
 * @returns an absolute path
 * @throws {GrpcReflectionError} if the package cannot be found, as in a bundle that runs without
 *   node_modules
 *
 * @example
 * ```ts
 * const grpcOptions = {
 *   package: 'acme.auth.v1',
 *   protoPath: 'proto/auth.proto', // import "google/api/annotations.proto";
 *   loader: { includeDirs: [protoIncludeDir()] },
 * };
 * ```
 */
export function protoIncludeDir(): string {
  try {
    return dirname(resolveProtobufjs());
  } catch (cause) {
    const message =
      'protoIncludeDir() cannot find the package protobufjs. In a bundle that runs without node_modules, ' +
      'copy google/api/*.proto of protobufjs beside your protos, and add that folder to loader.includeDirs';
    throw new GrpcReflectionError(message, { option: 'grpc.loader', cause });
  }
}
