// What a page is called and says first, and what an index lists.
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import MarkdownIt from 'markdown-it';
import { siteLink } from './links.mjs';
import { ROOT } from './pages.mjs';

const markdown = new MarkdownIt({ html: true });

/** Reads the title and the first sentence of a page. */
export function summaryOf(source) {
  const tokens = tokensOf(source);
  const paragraphs = tokens.flatMap(({ type, level }, index) =>
    type === 'paragraph_open' && level === 0 ? [plainText(tokens[index + 1])] : [],
  );
  const title = plainText(tokens[tokens.findIndex(({ type }) => type === 'heading_open') + 1]);
  // The first paragraph of most pages is a link to the index.
  const [first = ''] = paragraphs.filter((text) => /[.:。：]$/.test(text));
  const [sentence = ''] = /^.*?(?:\.(?=\s|$)|。|[:：]$)/.exec(first) ?? [];
  return { title, sentence: sentence.replace(/:$/, '.').replace(/：$/, '。') };
}

/**
 * Reads an index: a bold line begins a group, each link of the list below it is a page.
 *
 * @returns the groups, with the names and places of their pages
 */
export function indexGroups(source) {
  if (!existsSync(join(ROOT, source))) return [];
  const groups = [];
  for (const { type, level, children } of tokensOf(source)) {
    if (type !== 'inline') continue;
    const [first, second] = children.filter(({ type, content }) => type !== 'text' || content !== '');
    if (level === 1 && first?.type === 'strong_open') groups.push({ text: second.content, items: [] });
    if (level > 1) groups.at(-1)?.items.push(...linksOf(children, source));
  }
  return groups.filter(({ items }) => items.length > 0);
}

function linksOf(tokens, source) {
  return tokens.flatMap((token, index) => {
    if (token.type !== 'link_open') return [];
    const link = siteLink(source, token.attrGet('href'));
    const text = tokens[index + 1].content;
    return link === undefined ? [] : [{ text: text[0].toUpperCase() + text.slice(1), link }];
  });
}

function tokensOf(source) {
  return markdown.parse(readFileSync(join(ROOT, source), 'utf8'), {});
}

function plainText(token) {
  return token.children.map(({ type, content }) => (type === 'softbreak' ? ' ' : content)).join('');
}
