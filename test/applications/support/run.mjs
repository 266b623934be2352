import { execFile } from 'node:child_process';
import { promisify, stripVTControlCharacters } from 'node:util';

/**
 * Runs a command in a folder, and returns what it prints.
 *
 * @param {string} folder
 * @param {string} command
 * @param {readonly string[]} args
 * @returns {Promise<string>}
 */
export async function run(folder, command, ...args) {
  const options = { cwd: folder, env: cleanEnvironment(), maxBuffer: 64 * 1024 * 1024 };
  try {
    const { stdout, stderr } = await promisify(execFile)(command, args, options);
    return readable(stdout + stderr);
  } catch (failed) {
    const { message, stdout = '', stderr = '' } = failed;
    throw new Error(`${message.split('\n')[0]} (in ${folder})\n${readable(stdout + stderr)}`, {
      cause: failed,
    });
  }
}

/**
 * Returns the text without colours, and without most of a minified file: Node prints the line that
 * throws.
 *
 * @param {string} output
 * @returns {string}
 */
export function readable(output) {
  return stripVTControlCharacters(output).replace(/^(.{500}).+$/gm, '$1…');
}

/**
 * Returns the environment without what npm and Jest have set for this run, which would change what
 * the tools of an application do.
 *
 * @returns {NodeJS.ProcessEnv}
 */
export function cleanEnvironment() {
  const own = Object.entries(process.env).filter(
    ([name]) =>
      !/^(npm_(lifecycle|package|config_local_prefix)|JEST_|NODE_OPTIONS$|NODE_ENV$|INIT_CWD$)/.test(name),
  );
  return { ...Object.fromEntries(own), NO_COLOR: '1', CI: '1' };
}
