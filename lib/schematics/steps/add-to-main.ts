import { posix } from 'node:path';
import type { AddFlags, Run } from '../add-flags.js';
import type { Application } from '../application/application.js';
import type { Changes } from '../changes.js';
import { DOCS } from '../docs-folder.js';
import { findAppStart } from '../source/app-start.js';
import { editMain } from '../source/edit-main.js';
import type { Source } from '../source/source.js';
import type { GrpcOptions } from './grpc-options.js';
import { importPath } from './import-path.js';
import { leftAsItIs } from './left-as-it-is.js';
import { mainByHand } from './main-by-hand.js';

/** Lets the main file serve gRPC, and end by `runSidecarApp` or shutdown hooks. */
export function addToMain(
  changes: Changes,
  { main, project, importEnding }: Application,
  flags: AddFlags,
  options: GrpcOptions,
): void {
  const file = project.main;
  const path = importPath(posix.dirname(file), options.file, importEnding);
  const run = main ? runOf(changes, file, main, flags) : flags.run;
  const edited = main ? editMain(main, run, { ...options, path }) : undefined;
  if (edited && 'text' in edited) return changes.write(file, edited.text);
  changes.isLeft = true;
  changes.advise(file, leftAsItIs(edited?.problem), mainByHand(main, run, { ...options, path }));
}

/** An app keeps how it ends, unless the flag is written out: a default does not know the app. */
function runOf(changes: Changes, file: string, main: Source, { run, isRunChosen }: AddFlags): Run {
  const isManaged = main.callsNamed('runSidecarApp').length > 0;
  const start = findAppStart(main);
  const isHooked =
    'app' in start
      ? main.calls(`${start.app}.enableShutdownHooks`)
      : main.callsNamed('enableShutdownHooks').length > 0;
  if (isManaged && run === 'hooks' && isRunChosen) {
    const page = `${DOCS}/lifecycle.md, "Make shutdown work"`;
    changes.notes.push(`${file} keeps runSidecarApp. For shutdown hooks in place of it see ${page}`);
  }
  if (isManaged || !isHooked || run === 'hooks' || isRunChosen) return run;
  changes.notes.push(`${file} keeps its shutdown hooks. To replace them by runSidecarApp, add --run=managed`);
  return 'hooks';
}
