#!/usr/bin/env node
import { CliError } from './cli.error.js';
import { USAGE } from './usage.js';

/** What to print, and the exit code. */
interface CommandEnd {
  readonly text?: string;
  readonly exitCode?: number;
}

type Command = (args: readonly string[]) => Promise<CommandEnd>;

/** Each command imports what it needs: help and usage errors need no proto parser and no client. */
const COMMANDS: ReadonlyMap<string, Command> = new Map<string, Command>([
  [
    'manifest',
    async (args) => {
      const { parseManifestArguments } = await import('./manifest-arguments.js');
      const parsed = parseManifestArguments(args);
      if (parsed === 'help') return { text: USAGE };
      const { runManifest } = await import('./manifest-command.js');
      return { text: await runManifest(parsed) };
    },
  ],
  [
    'deregister',
    async (args) => {
      const { parseDeregisterArguments } = await import('./deregister-arguments.js');
      const parsed = parseDeregisterArguments(args);
      if (parsed === 'help') return { text: USAGE };
      const { runDeregister } = await import('./deregister-command.js');
      return { text: await runDeregister(parsed) };
    },
  ],
  [
    'run',
    async (args) => {
      const { parseRunArguments } = await import('./run-arguments.js');
      const parsed = parseRunArguments(args);
      if (parsed === 'help') return { text: USAGE };
      const { runCommand } = await import('./run-command.js');
      return { exitCode: await runCommand(parsed, tell) };
    },
  ],
]);

async function run(name: string | undefined, args: readonly string[]): Promise<CommandEnd> {
  if (name === '--help' || name === '-h') return { text: USAGE };
  const known = `Commands: ${[...COMMANDS.keys()].join(', ')}`;
  if (name === undefined) throw new CliError(`no command given. ${known}`, 2);
  const command = COMMANDS.get(name);
  if (!command) throw new CliError(`unknown command ${name}. ${known}`, 2);
  return command(args);
}

function tell(line: string): void {
  process.stderr.write(`nestjs-sidecar-agent: ${line}\n`);
}

try {
  const [name, ...args] = process.argv.slice(2);
  const { text = '', exitCode = 0 } = await run(name, args);
  process.stdout.write(text);
  process.exitCode = exitCode;
} catch (failure) {
  if (!(failure instanceof CliError)) throw failure;
  tell(`${failure.message}${failure.exitCode === 2 ? '\nTry nestjs-sidecar-agent --help' : ''}`);
  process.exitCode = failure.exitCode;
}
