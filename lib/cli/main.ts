#!/usr/bin/env node
import { CliError } from './cli.error.js';
import { packageVersion } from './package-version.js';
import { USAGE, usageOf } from './usage.js';

/** Runs a command, and returns the text to print or the exit code. */
type Command = (args: readonly string[], name: string) => Promise<string | number>;

/** Each command imports what it needs: help and usage errors need no proto parser and no client. */
const COMMANDS: ReadonlyMap<string, Command> = new Map<string, Command>([
  [
    'manifest',
    command(
      async () => (await import('./manifest-arguments.js')).parseManifestArguments,
      async () => (await import('./manifest-command.js')).runManifest,
    ),
  ],
  [
    'deregister',
    command(
      async () => (await import('./deregister-arguments.js')).parseDeregisterArguments,
      async () => (await import('./deregister-command.js')).runDeregister,
    ),
  ],
  [
    'run',
    command(
      async () => (await import('./run-arguments.js')).parseRunArguments,
      async () => (await import('./run-command.js')).runCommand,
    ),
  ],
  [
    'agent',
    command(
      async () => (await import('./agent-arguments.js')).parseAgentArguments,
      async () => (await import('./agent-command.js')).runAgent,
    ),
  ],
  [
    'status',
    command(
      async () => (await import('./status-arguments.js')).parseStatusArguments,
      async () => (await import('./status-command.js')).runStatus,
    ),
  ],
]);

function command<Arguments>(
  loadParser: () => Promise<(args: readonly string[]) => Arguments | 'help'>,
  loadRunner: () => Promise<(args: Arguments, print: (line: string) => void) => ReturnType<Command>>,
): Command {
  return async (args, name) => {
    const parse = await loadParser();
    const parsed = parse(args);
    if (parsed === 'help') return usageOf(name);
    const carryOut = await loadRunner();
    return carryOut(parsed, tell);
  };
}

async function run(name: string | undefined, args: readonly string[]): Promise<string | number> {
  if (name === '--help' || name === '-h') return USAGE;
  if (name === '--version' || name === '-v') return `${packageVersion()}\n`;
  const known = `Commands: ${[...COMMANDS.keys()].join(', ')}`;
  if (name === undefined) throw new CliError(`no command given. ${known}`, 2);
  const chosen = COMMANDS.get(name);
  if (!chosen) throw new CliError(`unknown command ${name}. ${known}`, 2);
  return chosen(args, name);
}

function tell(line: string): void {
  process.stderr.write(`nestjs-sidecar-agent: ${line}\n`);
}

try {
  const [name, ...args] = process.argv.slice(2);
  const end = await run(name, args);
  if (typeof end === 'number') process.exitCode = end;
  else process.stdout.write(end);
} catch (failure) {
  if (!(failure instanceof CliError)) throw failure;
  tell(`${failure.message}${failure.exitCode === 2 ? '\nTry nestjs-sidecar-agent --help' : ''}`);
  process.exitCode = failure.exitCode;
}
