// @ts-check
import { execSync } from 'node:child_process';
import { readFileSync, writeFileSync } from 'node:fs';
import { git } from './git.mjs';
import { withRepository } from './manifest.mjs';

/**
 * A step of a release: what it does, in words, and the function that does it.
 *
 * @typedef {{ title: string, run: () => void }} Step
 */

/**
 * Returns the steps that carry out a plan in the working directory.
 *
 * @param {Awaited<ReturnType<typeof import('./release-plan.mjs').planRelease>>} plan
 * @returns {Step[]}
 */
export function releaseSteps({ version, tag, page, declared, changelog }) {
  /** @type {Step} */
  const repository = {
    title: `write package.json: homepage, repository and bugs of ${page}`,
    run: () => writeFileSync('package.json', withRepository(readFileSync('package.json', 'utf8'), page)),
  };
  return [
    ...(declared ? [] : [repository]),
    runNpm('version', version, '--no-git-tag-version', '--allow-same-version'),
    {
      title: `write CHANGELOG.md: Unreleased becomes ${version}`,
      run: () => writeFileSync('CHANGELOG.md', changelog.after),
    },
    runGit('add', 'package.json', 'package-lock.json', 'CHANGELOG.md'),
    runGit('commit', '--quiet', '--message', `Release ${version}`),
    runGit('tag', '--annotate', tag, '--message', tag),
  ];
}

/**
 * Runs npm through a shell, because npm is a command file on Windows. The words need no quotes.
 *
 * @param {string[]} words
 * @returns {Step}
 */
function runNpm(...words) {
  const title = `npm ${words.join(' ')}`;
  return { title, run: () => execSync(title, { stdio: 'pipe' }) };
}

/**
 * @param {string[]} args
 * @returns {Step}
 */
function runGit(...args) {
  const words = args.map((word) => (word.includes(' ') ? `"${word}"` : word));
  return { title: `git ${words.join(' ')}`, run: () => git(...args) };
}
