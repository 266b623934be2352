// @ts-check
import { spawnSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

/**
 * Returns the difference of two texts as git prints it, outside of the repository.
 *
 * @param {string} name
 * @param {string} before
 * @param {string} after
 */
export function textDiff(name, before, after) {
  const cwd = mkdtempSync(join(tmpdir(), 'release-diff-'));
  try {
    for (const [folder, text] of Object.entries({ a: before, b: after })) {
      mkdirSync(join(cwd, folder));
      writeFileSync(join(cwd, folder, name), text);
    }
    const options = ['--no-index', '--no-prefix', '--no-color', '--no-ext-diff'];
    // git exits with 1 if the texts differ.
    return spawnSync('git', ['diff', ...options, `a/${name}`, `b/${name}`], { cwd, encoding: 'utf8' }).stdout;
  } finally {
    rmSync(cwd, { recursive: true });
  }
}
