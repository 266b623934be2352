import { setTimeout as sleep } from 'node:timers/promises';
import { findSuccessor, withoutRegistration } from '../registration-file/choose-registration.js';
import { isAlive, lifeOf, type ProcessLife } from '../registration-file/kept-process.js';
import {
  deregisterRequestOf,
  type KeptProcess,
  type KeptRegistration,
} from '../registration-file/kept-registration.js';
import { RegistrationsFile } from '../registration-file/registrations-file.js';
import { messageOf } from '../support/text/describe-thrown.js';
import { CliError } from './cli.error.js';
import { sayGoodbye } from './say-goodbye.js';

/** How long to wait until a process is looked at again, in milliseconds. */
const PAUSE = 20;

/** What became of the registrations of a file. */
export interface FileGoodbyes {
  /** A line for each instance that the agent does not hold any more. */
  readonly done: readonly string[];
  /** A line for each instance that it may still hold. */
  readonly failed: readonly string[];
}

/**
 * Deregisters the instances in a registration file whose processes have ended, and removes them
 * from the file. A file that does not exist has none.
 *
 * @param patience how long to wait for a process that runs, in milliseconds
 * @throws {CliError} if the file cannot be read or is not a registration file
 */
export async function deregisterFile(
  path: string,
  headers: Readonly<Record<string, string>>,
  patience = 0,
): Promise<FileGoodbyes> {
  const file = new RegistrationsFile(path);
  const done: string[] = [];
  const failed: string[] = [];
  const goodbyes = readRegistrations(file).map(async (kept) => {
    try {
      const life = await lifeAfter(kept.process, patience);
      if (!isIn(file, kept)) return;
      done.push(await goodbyeTo(kept, life, file, headers));
      file.locked(() => file.write(withoutRegistration(file.read().registrations, kept)));
    } catch (thrown) {
      failed.push(messageOf(thrown));
    }
  });
  await Promise.all(goodbyes);
  return { done, failed };
}

/** Returns what is known of a process when it has ended, or when the time is over. */
async function lifeAfter(process: KeptProcess, patience: number): Promise<ProcessLife> {
  const until = performance.now() + patience;
  let life = lifeOf(process);
  while (life === 'runs' && performance.now() < until) {
    await sleep(PAUSE);
    life = lifeOf(process);
  }
  return life;
}

/** Returns whether a file still has a registration: its process may have deregistered itself. */
function isIn(file: RegistrationsFile, kept: KeptRegistration): boolean {
  const { registrations } = file.read();
  return withoutRegistration(registrations, kept).length < registrations.length;
}

async function goodbyeTo(
  kept: KeptRegistration,
  life: ProcessLife,
  file: RegistrationsFile,
  headers: Readonly<Record<string, string>>,
): Promise<string> {
  const { agent, dialect, consulId, service, process } = kept;
  if (life !== 'ended') {
    const which = `${service.name} on port ${service.port}`;
    throw new CliError(
      life === 'runs'
        ? `${which} is not deregistered: process ${process.pid} is running. Stop it first`
        : `${which} is not deregistered: process ${process.pid} of host ${process.host} may be running in ` +
            'another container. Run the command there or on the host of the containers, or name the instance with --name',
      1,
    );
  }
  const successor = findSuccessor(file.read().registrations, kept, isAlive);
  if (successor) {
    return `Nothing to deregister: process ${successor.process.pid} continues ${service.name} on port ${service.port}`;
  }
  return sayGoodbye({ agent, headers, dialect, consulId, request: deregisterRequestOf(kept) });
}

function readRegistrations(file: RegistrationsFile): readonly KeptRegistration[] {
  try {
    const { registrations, fault } = file.read();
    if (fault === undefined) return registrations;
    throw new CliError(`${file.path} is not a registration file: ${fault}`, 1);
  } catch (cause) {
    if (cause instanceof CliError) throw cause;
    throw new CliError(`cannot read ${file.path}: ${messageOf(cause)}`, 1, { cause });
  }
}
