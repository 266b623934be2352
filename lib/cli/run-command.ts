import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join, resolve } from 'node:path';
import { loadUndici } from '../agent/connection/undici-loader.js';
import { REGISTRATION_FILE_VARIABLE } from '../options/complete-registration-file.js';
import { propertyOf } from '../support/shape.js';
import { messageOf } from '../support/text/describe-thrown.js';
import { readAgentHeaders } from './agent-headers.js';
import { type ChildEnd, runToEnd } from './child-process.js';
import { deregisterFile } from './deregister-file.js';
import type { RunArguments } from './run-arguments.js';

/**
 * How long a process that the command has started may take to end after the command, in
 * milliseconds.
 */
const LEFT_BEHIND = 5_000;

/**
 * Runs a command, and deregisters what it leaves registered: a service that is killed, or that
 * crashes, cannot do it.
 *
 * @param print prints a line for the operator
 * @returns the exit code
 * @throws {CliError} if the variable with the headers is not valid
 */
export async function runCommand(args: RunArguments, print: (line: string) => void): Promise<number> {
  const headers = readAgentHeaders();
  const file = placeOf(args.file);
  let end: ChildEnd;
  try {
    const env = { ...process.env, [REGISTRATION_FILE_VARIABLE]: file.path };
    const ended = runToEnd(args.command, args.args, env);
    preload();
    end = await ended;
  } catch (thrown) {
    file.dispose();
    print(`cannot run ${args.command}: ${messageOf(thrown)}`);
    return propertyOf(thrown, 'code') === 'ENOENT' ? 127 : 126;
  }
  await deregisterLeftOver(file, headers, `${args.command} ${end.how}`, print);
  return end.exitCode;
}

async function deregisterLeftOver(
  file: Place,
  headers: Readonly<Record<string, string>>,
  how: string,
  print: (line: string) => void,
): Promise<void> {
  try {
    const { done, failed } = await deregisterFile(file.path, headers, LEFT_BEHIND);
    for (const line of done) print(`${how}. ${line}`);
    for (const line of failed) print(`${how}. ${line}`);
    if (failed.length === 0) return file.dispose();
    print(`to try again: nestjs-sidecar-agent deregister --file ${file.path}`);
  } catch (thrown) {
    print(`${how}. ${messageOf(thrown)}`);
  }
}

/** Where the registration file is, and how to remove what was made for it. */
interface Place {
  readonly path: string;
  readonly dispose: () => void;
}

/** A file that is not named is in a new directory that only this user may enter. */
function placeOf(given: string | undefined): Place {
  const named = given ?? process.env[REGISTRATION_FILE_VARIABLE]?.trim();
  if (named) return { path: resolve(named), dispose: () => {} };
  const path = join(mkdtempSync(join(tmpdir(), 'nestjs-sidecar-agent-')), 'registration.json');
  return { path, dispose: () => rmSync(dirname(path), { recursive: true, force: true }) };
}

/** Loads undici while the child runs: then the deregister is sent at once. */
function preload(): void {
  try {
    loadUndici();
  } catch {
    // The deregister tries again.
  }
}
