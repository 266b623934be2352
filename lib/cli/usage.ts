import { GATEWAY_MANIFEST_PATH, GATEWAY_MANIFEST_SCHEMA } from '../service/manifest/gateway-manifest.js';

/** What `--help` prints. */
export const USAGE = `Usage: nestjs-sidecar-agent manifest --proto <file> [options]

Writes a gateway manifest (${GATEWAY_MANIFEST_SCHEMA}): the gRPC methods of .proto
files, and the HTTP routes of their google.api.http options.

Options:
  --proto <file>       a .proto file, here or in an include directory; repeatable
  --include-dir <dir>  where imports are looked for, before the importing file's own
                       directory; repeatable. google/api/annotations.proto is always found
  --package <name>     take the services of this package and those below it, imported
                       files included; repeatable. Default: every service of the given files
  --out <file>         default: ${GATEWAY_MANIFEST_PATH}
                       "-" is the standard output
  --check              write nothing; exit with 1 where the file is not up to date
  -h, --help           print this

Exit codes: 0 done or up to date, 1 failed or not up to date, 2 wrong usage
`;
