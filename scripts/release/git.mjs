// @ts-check
import { spawnSync } from 'node:child_process';
import { ReleaseError } from './release.error.mjs';

/**
 * Runs git in the working directory and returns what it printed.
 *
 * @param {string[]} args
 */
export function git(...args) {
  const { status, error, stdout, stderr } = spawnSync('git', args, { encoding: 'utf8' });
  if (status !== 0) {
    throw new ReleaseError(`git ${args.join(' ')} failed: ${error?.message ?? stderr.trim()}`);
  }
  return stdout.trim();
}

/**
 * Throws unless git is on the branch and has nothing to commit.
 *
 * @param {string} branch
 */
export function checkWorkTree(branch) {
  const present = git('branch', '--show-current');
  if (present !== branch) {
    throw new ReleaseError(`branch: must be ${branch}, got "${present}"; run: git switch ${branch}`);
  }
  const changes = git('status', '--porcelain');
  if (changes) {
    throw new ReleaseError(`work tree: must have no changes; commit or stash these first:\n${changes}`);
  }
}

/** @param {string} tag */
export function checkTagIsFree(tag) {
  if (git('tag', '--list', tag)) {
    throw new ReleaseError(`tag: ${tag} exists already; release another version`);
  }
}
