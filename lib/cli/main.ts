#!/usr/bin/env node
import { CliError } from './cli.error.js';
import { parseManifestArguments } from './manifest-arguments.js';
import { USAGE } from './usage.js';

async function run(command: string | undefined, args: readonly string[]): Promise<string> {
  if (command === '--help' || command === '-h') return USAGE;
  if (command === undefined) throw new CliError('no command given. Commands: manifest', 2);
  if (command !== 'manifest') throw new CliError(`unknown command ${command}. Commands: manifest`, 2);
  const parsed = parseManifestArguments(args);
  if (parsed === 'help') return USAGE;
  // Not imported above: help and usage errors do not need the proto parser.
  const { runManifest } = await import('./manifest-command.js');
  return runManifest(parsed);
}

try {
  const [command, ...args] = process.argv.slice(2);
  process.stdout.write(await run(command, args));
} catch (failure) {
  if (!(failure instanceof CliError)) throw failure;
  const help = failure.exitCode === 2 ? '\nTry nestjs-sidecar-agent --help' : '';
  process.stderr.write(`nestjs-sidecar-agent: ${failure.message}${help}\n`);
  process.exitCode = failure.exitCode;
}
