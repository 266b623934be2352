// The pages link to each other as they lie in the repository, so that the links work on GitHub.
import { existsSync } from 'node:fs';
import { join, posix } from 'node:path';
import { PLACES, ROOT, sourceOf } from './pages.mjs';

/**
 * Returns where a link of a page leads on the site: a path from its root. `undefined` if the target
 * is not on the site, such as a source file.
 *
 * @param source the page, as a path from the root of the repository
 * @param target the link as it is written, relative to the page
 * @throws {Error} if the repository has no such file either
 */
export function siteLink(source, target) {
  const [path = '', anchor] = target.split('#');
  const file = posix.join(posix.dirname(source), path).replace(/\/$/, '');
  const place = PLACES.get(file) ?? PLACES.get(`${file}/README.md`);
  if (place === undefined) {
    if (!existsSync(join(ROOT, file))) throw new Error(`${source}: dead link to ${target}`);
    return undefined;
  }
  return `/${place}${anchor === undefined ? '' : `#${anchor}`}`;
}

/** Whether a link leads to another site, or to a heading of its own page. */
function isElsewhere(target) {
  return /^([a-z]+:|#|\/\/)/i.test(target);
}

/**
 * A plugin of markdown-it that rewrites the links of a page. Of a link to a source file, it leaves
 * only the text.
 */
export function siteLinks(markdown) {
  markdown.core.ruler.push('site_links', ({ tokens, env }) => {
    const source = sourceOf(env.relativePath);
    if (source === undefined) throw new Error(`${env.relativePath} is not a page of the site`);
    for (const token of tokens) token.children &&= rewritten(token.children, source);
  });
}

function rewritten(tokens, source) {
  let isRemoved = false;
  return tokens.filter((token) => {
    if (token.type === 'link_open') {
      const target = token.attrGet('href');
      if (isElsewhere(target)) return true;
      const link = siteLink(source, decodeURI(target));
      isRemoved = link === undefined;
      if (!isRemoved) token.attrSet('href', encodeURI(link));
      return !isRemoved;
    }
    if (token.type !== 'link_close' || !isRemoved) return true;
    isRemoved = false;
    return false;
  });
}
