import { dirname, join, normalize } from 'node:path';
import ts from 'typescript';
import { type Block, blocks } from './blocks.js';
import { type CodeBlock, headingAnchors, headings } from './markdown.js';
import { CHINESE, read } from './pages.js';

/** A page that exists in both languages. */
export interface Translation {
  readonly english: string;
  readonly chinese: string;
}

export const TRANSLATIONS: readonly Translation[] = CHINESE.map((chinese) => ({
  chinese,
  english: chinese.replace('.zh-CN', '').replace('zh-CN/', ''),
}));

/** What the Chinese index has and the English one does not: a heading, with all that follows. */
const GLOSSARY = '术语表';

/** Returns the parts of a page that the other language must have, too. */
export function sharedBlocks(page: string): Block[] {
  const { english, chinese } = translationOf(page);
  const all = blocks(read(page));
  const glossary = all.findIndex(({ tag, text }) => tag === 'h2' && text === GLOSSARY);
  const shared = glossary < 0 ? all : all.slice(0, glossary);
  const twin = page === english ? chinese : english;
  // Such a paragraph leads to the other language.
  return shared.filter(({ tag, links: [first] }) => tag !== 'p' || !first || fileOf(page, first) !== twin);
}

/**
 * Returns where the links of a part lead, with the English names of pages and headings, but for
 * those to the same page in the other language.
 */
export function linkedPlaces(page: string, { links }: Block): string[] {
  const { english, chinese } = translationOf(page);
  const twin = page === english ? chinese : english;
  return links
    .filter((target) => fileOf(page, target) !== twin)
    .map((target) => placeOf(page, target))
    .sort();
}

/** Returns the code of a block without what is translated: comments, and labels of a picture. */
export function untranslated({ language, code }: CodeBlock): string {
  switch (language) {
    case 'ts':
    case 'js': {
      const source = ts.createSourceFile(`block.${language}`, code, ts.ScriptTarget.Latest);
      return ts.createPrinter({ removeComments: true }).printFile(source);
    }
    case 'sh':
      return code.replace(/^#.*$/gm, '#');
    case 'mermaid':
      return code.replace(/: .*$/gm, ':');
    default:
      return code;
  }
}

function translationOf(page: string): Translation {
  const found = TRANSLATIONS.find(({ english, chinese }) => page === english || page === chinese);
  if (!found) throw new Error(`${page} exists in one language only`);
  return found;
}

function placeOf(page: string, target: string): string {
  if (/^[a-z]+:/.test(target)) return target;
  const file = fileOf(page, target);
  const translated = TRANSLATIONS.find(({ english, chinese }) => file === english || file === chinese);
  if (translated && CHINESE.includes(file) !== CHINESE.includes(page))
    return `${file}, in the other language`;
  const english = translated?.english ?? file;
  const anchor = target.split('#')[1];
  if (anchor === undefined) return english;
  const index = headingAnchors(read(file)).indexOf(anchor);
  return `${english}: ${headings(read(english))[index] ?? `there is no ${anchor}`}`;
}

/** Returns the file that a link leads to. */
export function fileOf(page: string, target: string): string {
  const [path = ''] = target.split('#');
  return path === '' ? page : normalize(join(dirname(page), path));
}
