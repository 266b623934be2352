import { createRequire } from 'node:module';
import { dirname } from 'node:path';

/**
 * Returns the directory of the package protobufjs, which has `google/api/annotations.proto` and
 * `google/api/http.proto`. Add it to the option `loader.includeDirs` of a gRPC server whose proto
 * imports them, as protos with HTTP routes do.
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
