// @ts-check
import { repositoryPage } from './repository-page.mjs';

/**
 * The fields of package.json that a release reads.
 *
 * @typedef {object} Manifest
 * @property {string} name
 * @property {string} version
 * @property {string | { url: string }} [repository]
 */

/**
 * @param {string} text
 * @returns {Manifest}
 */
export function readManifest(text) {
  return JSON.parse(text);
}

/**
 * Returns the web page of the repository that package.json names, if it names one.
 *
 * @param {Pick<Manifest, 'repository'>} manifest
 */
export function declaredPage({ repository }) {
  if (repository === undefined) return undefined;
  return repositoryPage(typeof repository === 'string' ? repository : repository.url);
}

/**
 * Returns the text of package.json with `homepage`, `repository` and `bugs`.
 *
 * @param {string} text
 * @param {string} page
 */
export function withRepository(text, page) {
  /** @type {Record<string, unknown>} */
  const { name, version, description, keywords, ...others } = JSON.parse(text);
  const fields = {
    homepage: `${page}#readme`,
    repository: { type: 'git', url: `git+${page}.git` },
    bugs: { url: `${page}/issues` },
  };
  const manifest = { name, version, description, keywords, ...fields, ...others };
  return `${JSON.stringify(manifest, null, 2)}\n`;
}
