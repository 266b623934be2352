import { GATEWAY_MANIFEST_PATH, GATEWAY_MANIFEST_SCHEMA } from '../service/manifest/gateway-manifest.js';

/** The text that `--help` prints. */
export const USAGE = `Usage: nestjs-sidecar-agent manifest --proto <file> [options]

Writes a gateway manifest (${GATEWAY_MANIFEST_SCHEMA}): the gRPC methods of .proto
files, and the HTTP routes of their google.api.http options.

Options:
  --proto <file>       a .proto file, relative to the working directory or to an include
                       directory; repeatable
  --include-dir <dir>  a directory to search for imports, before the directory of the
                       importing file; repeatable. google/api/annotations.proto is
                       always found
  --package <name>     write the services of this package and of the packages below it,
                       from imported files too; repeatable. Default: every service of
                       the given files
  --out <file>         the file to write; "-" writes to the standard output.
                       Default: ${GATEWAY_MANIFEST_PATH}
  --check              write nothing; exit with 1 if the file is not up to date
  -h, --help           print this help

Exit codes: 0 done or up to date, 1 failed or not up to date, 2 invalid arguments
`;
