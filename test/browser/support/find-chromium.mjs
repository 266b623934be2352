// Prints the path of a Chromium; exits with 1 if there is none.
import { accessSync, constants, realpathSync } from 'node:fs';
import { delimiter, isAbsolute, join } from 'node:path';
import { fileURLToPath } from 'node:url';

const NAMES = ['chromium', 'chromium-browser', 'google-chrome'];

/** Returns the Chromium that CHROMIUM_BIN or PATH leads to; `undefined` if there is none. */
export function findChromium(env = process.env) {
  const names = env.CHROMIUM_BIN ? [env.CHROMIUM_BIN] : NAMES;
  const folders = (env.PATH ?? '').split(delimiter).filter(Boolean);
  return names
    .flatMap((name) => (isAbsolute(name) ? [name] : folders.map((folder) => join(folder, name))))
    .find(isExecutable);
}

function isExecutable(path) {
  try {
    accessSync(path, constants.X_OK);
    return true;
  } catch {
    return false;
  }
}

if (process.argv[1] && realpathSync(process.argv[1]) === fileURLToPath(import.meta.url)) {
  const found = findChromium();
  if (found) console.log(found);
  else process.exitCode = 1;
}
