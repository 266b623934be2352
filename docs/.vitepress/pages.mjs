// Which files of the repository are pages of the site, and where.
import { cpSync, existsSync, mkdirSync, readdirSync, rmSync } from 'node:fs';
import { dirname, join } from 'node:path';

export const ROOT = join(import.meta.dirname, '../..');

/** The pages at the top of the repository, and their places. A file may be missing. */
const TOP_PAGES = {
  'README.md': 'index.md',
  'README.zh-CN.md': 'zh-CN/index.md',
  'CHANGELOG.md': 'changelog.md',
  'CONTRIBUTING.md': 'contributing.md',
  'RELEASING.md': 'releasing.md',
  'SECURITY.md': 'security.md',
};

/** The indexes of the two languages: their names on GitHub and on the site. */
const INDEXES = { 'docs/README.md': 'documentation.md', 'docs/zh-CN/README.md': 'zh-CN/documentation.md' };

const IMAGE = /\.(png|svg)$/;

/** Every file that the site shows, as a path from the root, with its place on the site. */
export const PLACES = new Map([
  ...Object.entries(TOP_PAGES).filter(([source]) => existsSync(join(ROOT, source))),
  ...docsFiles().map((source) => [source, INDEXES[source] ?? source.slice('docs/'.length)]),
  ...sampleNames().map((name) => [`sample/${name}/README.md`, `samples/${name}.md`]),
]);

/** The same the other way round. */
const SOURCES = new Map([...PLACES].map(([source, place]) => [place, source]));

/** Returns the file of a page, from the root of the repository. */
export function sourceOf(place) {
  return SOURCES.get(place);
}

/** Lays the pages and images out in a folder as the site has them. */
export function layOut(folder) {
  rmSync(folder, { recursive: true, force: true });
  for (const [source, place] of PLACES) {
    mkdirSync(dirname(join(folder, place)), { recursive: true });
    cpSync(join(ROOT, source), join(folder, place));
  }
}

function docsFiles() {
  return readdirSync(join(ROOT, 'docs'), { recursive: true, encoding: 'utf8' })
    .map((path) => `docs/${path.replaceAll('\\', '/')}`)
    .filter((path) => !path.startsWith('docs/.') && (path.endsWith('.md') || IMAGE.test(path)));
}

function sampleNames() {
  return readdirSync(join(ROOT, 'sample'), { withFileTypes: true })
    .filter((entry) => entry.isDirectory() && existsSync(join(ROOT, 'sample', entry.name, 'README.md')))
    .map(({ name }) => name);
}
