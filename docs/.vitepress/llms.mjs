import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { summaryOf } from './outline.mjs';
import { PLACES, ROOT, sourceOf } from './pages.mjs';
import { chineseSidebar, englishSidebar, hasChinese } from './sidebar.mjs';

/**
 * Writes what language models read: `llms.txt` with every page and its first sentence, and
 * `llms-full.txt` with the texts of the English pages.
 *
 * @param folder the folder of the site
 * @param base the path below which the site is served
 */
export function writeLlms(folder, base) {
  const { title, sentence } = summaryOf('README.md');
  const chinese = hasChinese() ? chineseSidebar().map(withoutEnglish) : [];
  const sections = [...englishSidebar(), ...chinese]
    .filter(({ items }) => items.length > 0)
    .map(({ text, items }) => `## ${text}\n\n${items.map((item) => entry(item, base)).join('\n')}\n`);
  writeFileSync(join(folder, 'llms.txt'), [`# ${title}\n`, `> ${sentence}\n`, ...sections].join('\n'));
  writeFileSync(join(folder, 'llms-full.txt'), fullText(base));
}

function withoutEnglish({ text, items }) {
  return { text, items: items.filter(({ link }) => link.startsWith('/zh-CN/')) };
}

function entry({ link }, base) {
  const { title, sentence } = summaryOf(sourceOf(link.slice(1)));
  return `- [${title}](${url(link.slice(1), base)})${sentence === '' ? '' : `: ${sentence}`}`;
}

function fullText(base) {
  const pages = [...PLACES].filter(([, place]) => place.endsWith('.md') && !place.startsWith('zh-CN/'));
  return pages
    .map(([source, place]) => `<!-- ${url(place, base)} -->\n\n${readFileSync(join(ROOT, source), 'utf8')}`)
    .join('\n');
}

function url(place, base) {
  return `${base}${place.replace(/\.md$/, '.html')}`;
}
