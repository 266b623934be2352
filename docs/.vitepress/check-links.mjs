// Follows every link of the built site, of the API reference as well: the page and the heading
// must exist. VitePress itself checks neither headings nor the links of its frame.
import { existsSync, readdirSync, readFileSync, statSync } from 'node:fs';
import { join, posix } from 'node:path';
import { ROOT } from './pages.mjs';

const SITE = join(ROOT, 'build/docs');
const BASE = process.env.DOCS_BASE ?? '/';

const pages = readdirSync(SITE, { recursive: true, encoding: 'utf8' })
  .map((path) => path.replaceAll('\\', '/'))
  .filter((path) => path.endsWith('.html'));
const found = new Map(pages.map((page) => [page, readPage(page)]));

let count = 0;
const dead = [];
for (const [page, { links }] of found) {
  for (const link of links) {
    count += 1;
    if (!exists(page, link)) dead.push(`${page}: ${link}`);
  }
}
if (dead.length > 0) {
  console.error(`Dead links (${dead.length}):\n  ${dead.join('\n  ')}`);
  process.exit(1);
}
console.log(`${pages.length} pages, ${count} links, none of them dead`);

/** Reads where a page leads on this site, and the places in it that have an id. */
function readPage(page) {
  const html = readFileSync(join(SITE, page), 'utf8');
  const links = [...html.matchAll(/<a [^>]*?href="([^"]+)"/g)].map(([, href]) =>
    href.replaceAll('&amp;', '&'),
  );
  return {
    links: new Set(links.filter((link) => !/^([a-z]+:|\/\/)/i.test(link))),
    ids: new Set([...html.matchAll(/ id="([^"]+)"/g)].map(([, id]) => id)),
  };
}

function exists(page, link) {
  const [path = '', anchor = ''] = decodeURI(link).split('#');
  const target = fileOf(page, path.split('?')[0]);
  if (target === undefined || !existsSync(join(SITE, target))) return false;
  if (anchor === '' || !target.endsWith('.html')) return true;
  return found.get(target)?.ids.has(anchor) ?? false;
}

/** Returns the file that a server sends for a path; `undefined` if it is outside of the site. */
function fileOf(page, path) {
  if (path === '') return page;
  if (path.startsWith('/') && !path.startsWith(BASE)) return undefined;
  const file = path.startsWith('/') ? path.slice(BASE.length) : posix.join(posix.dirname(page), path);
  const isFolder = existsSync(join(SITE, file)) && statSync(join(SITE, file)).isDirectory();
  return isFolder ? posix.join(file, 'index.html') : file;
}
