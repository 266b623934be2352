import { createRequire } from 'node:module';
import { dirname } from 'node:path';

/**
 * A directory of protos to import from, such as `google/api/annotations.proto` and `google/api/http.proto`: for the option
 * `loader.includeDirs` of a gRPC server whose proto has HTTP routes. It is that of the package protobufjs, which has them.
 *
 * @returns an absolute path
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
  return dirname(createRequire(import.meta.url).resolve('protobufjs/package.json'));
}
