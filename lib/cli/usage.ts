import { GATEWAY_MANIFEST_PATH, GATEWAY_MANIFEST_SCHEMA } from '../service/manifest/gateway-manifest.js';

/** The text that `--help` prints. */
export const USAGE = `Usage: nestjs-sidecar-agent manifest --proto <file> [options]
       nestjs-sidecar-agent deregister --file <file>
       nestjs-sidecar-agent deregister --name <service> --port <port> [options]
       nestjs-sidecar-agent run [--file <file>] -- <command> [arguments]
       nestjs-sidecar-agent agent [options]
       nestjs-sidecar-agent status [options]

manifest: writes a gateway manifest (${GATEWAY_MANIFEST_SCHEMA}): the gRPC methods of
.proto files, and the HTTP routes of their google.api.http options.

  --proto <file>       a .proto file, relative to the working directory or to an include
                       directory; repeatable
  --include-dir <dir>  a directory to search for imports, before the directory of the
                       importing file; repeatable. google/api/annotations.proto is
                       always found
  --package <name>     write the services of this package and of the packages below it,
                       from imported files too; repeatable. Default: every service of
                       the given files
  --announce-infrastructure
                       declare the services of grpc.health.*, grpc.reflection.* and
                       grpc.channelz.*, which are left out otherwise
  --out <file>         the file to write; "-" writes to the standard output.
                       Default: ${GATEWAY_MANIFEST_PATH}
  --check              write nothing; exit with 1 if the file is not up to date

deregister: deregisters an instance whose process has ended. An instance that the agent
does not hold is a success. What is not given comes from the module's variables
(SERVICE_NAME, SERVER_PORT, SIDECAR_AGENT_BASE_URL ...) or conf/bootstrap.json.

  --file <file>        a file that the option registrationFile has written; the instances
                       of processes that still run are left alone
  --name <service>     the name of the service at a sidecar-agent. An instance that is
                       registered straight at Consul needs --file, or the command
                       consul services deregister
  --port <port>        the port that the process listened on
  --app-id <id>        app.id; agents of the dialect node need it
  --instance-id <id>   app.instanceId; agents of the dialect node need it
  --url <url>          the address of the agent. Default: http://127.0.0.1:15010
  --socket <path>      the Unix socket of the agent
  --dialect <dialect>  node, flat or auto. Default: auto; flat without --instance-id

run: runs a command, passes signals on to it, and deregisters the service if the process
ended without it: SIGKILL, out of memory, a crash. Exits with the code of the command, or
with 128 and the number of the signal that killed it.

  --file <file>        the registration file. The command gets its path as
                       SIDECAR_AGENT_REGISTRATION_FILE. Default: that variable if it is
                       set; otherwise a new file in the temporary directory

agent: runs an agent in memory for development, on loopback, until SIGINT or SIGTERM. It
prints what happens, and shows what it holds on a page at /.

  --port <port>        the port to listen on, 0 for a free one. Default: 15010
  --socket <path>      a Unix socket to listen on as well
  --dialect <dialect>  node, flat or both. Default: both
  --chaos              let the page fail the agent: lose a service, refuse a call, restart
  --json               print each event as JSON on a line of its own

status: prints what an agent holds, from GET /debug/services, which the public agent and
this one have. The agent is found as by deregister. Refused services are not among it.

  --url <url>          the address of the agent. Default: http://127.0.0.1:15010
  --socket <path>      the Unix socket of the agent; --url is then what Host names

  -h, --help           print this help
  -v, --version        print the version

Headers for the agent, such as a token: one "name: value" a line in SIDECAR_AGENT_HEADERS.
Exit codes: 0 done or up to date, 1 failed or not up to date, 2 invalid arguments
`;

/** The commands that call an agent, with the headers of the variable. */
const ASKS_AN_AGENT: ReadonlySet<string> = new Set(['deregister', 'run', 'status']);

/** Returns the part of {@link USAGE} that is about a command. */
export function usageOf(command: string): string {
  const [synopsis = '', ...parts] = USAGE.trimEnd().split('\n\n');
  const lines = synopsis
    .replace('Usage: ', '')
    .split('\n')
    .map((line) => line.trim())
    .filter((line) => line.split(' ')[1] === command);
  const about = parts.findIndex((part) => part.startsWith(`${command}: `));
  const [general = '', headers = ''] = parts.slice(-2);
  const common = [
    general.replace(/\n *-v, --version.*/, ''),
    ASKS_AN_AGENT.has(command) ? headers : headers.replace(/^Headers .*\n/, ''),
  ];
  return `${[`Usage: ${lines.join('\n       ')}`, ...parts.slice(about, about + 2), ...common].join('\n\n')}\n`;
}
