import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from '@jest/globals';
import { type Block, blocks } from './support/blocks.js';
import { codeBlocks } from './support/markdown.js';
import { CHINESE, read, ROOT } from './support/pages.js';
import { fileOf, linkedPlaces, sharedBlocks, TRANSLATIONS, untranslated } from './support/translations.js';

const LETTER = /[\p{Script=Latin}\p{Number}]/u.source;
const CHARACTER = /\p{Script=Han}/u.source;
const HALF_WIDTH = /[,;:?!()]/.source;

it('has an English page for each Chinese one', () => {
  const pages = TRANSLATIONS.map(({ english }) => english);
  expect(pages).toEqual(
    expect.arrayContaining(['README.md', 'docs/README.md', 'docs/options.md', 'docs/troubleshooting.md']),
  );
  expect(pages.filter((page) => !existsSync(join(ROOT, page)))).toEqual([]);
});

describe.each(TRANSLATIONS)('$chinese has what $english has:', ({ english, chinese }) => {
  const parts = { english: sharedBlocks(english), chinese: sharedBlocks(chinese) };

  /** What both pages have in each part, beside the English text of the part. */
  function inEachPart(contents: (page: string, block: Block) => readonly string[]): unknown[][] {
    const pages = [
      { page: chinese, blocks: parts.chinese },
      { page: english, blocks: parts.english },
    ];
    return pages.map(({ page, blocks }) =>
      blocks.map((block, index) => ({
        part: parts.english[index]?.text,
        contents: contents(page, block),
      })),
    );
  }

  it('the headings', () => {
    expect(headingTags(parts.chinese)).toEqual(headingTags(parts.english));
  });

  it('the tables, with their rows and columns', () => {
    expect(tables(parts.chinese)).toEqual(tables(parts.english));
  });

  it('the lists and paragraphs', () => {
    expect(parts.chinese.map(({ tag }) => tag)).toEqual(parts.english.map(({ tag }) => tag));
  });

  it('the code, but for its comments', () => {
    const [translated, original] = [chinese, english].map((page) =>
      codeBlocks(read(page)).map((block) => ({ ...block, line: 0, code: untranslated(block) })),
    );
    expect(translated).toEqual(original);
  });

  it('the names of options, variables and all else in backquotes', () => {
    const [translated, original] = inEachPart((_, { codeSpans }) => [...new Set(codeSpans)].sort());
    expect(translated).toEqual(original);
  });

  it('the links', () => {
    const [translated, original] = inEachPart(linkedPlaces);
    expect(translated).toEqual(original);
  });

  it('the numbers', () => {
    // A number that is a word in English may have digits in Chinese.
    const missing = parts.english.flatMap(({ words }, index) => {
      const translated = numbers(parts.chinese[index]?.words ?? '');
      return numbers(words)
        .filter((number) => !translated.includes(number))
        .map((number) => `${number}: ${words}`);
    });
    expect(missing).toEqual([]);
  });
});

describe.each(TRANSLATIONS)('$chinese', ({ chinese }) => {
  const texts = blocks(read(chinese)).map(({ words }) => words);

  it('has full-width punctuation, and spaces only between Chinese and other words', () => {
    const wrong = new RegExp(
      [
        `${CHARACTER}(${HALF_WIDTH}|${LETTER})`,
        `(${HALF_WIDTH} ?|${LETTER})${CHARACTER}`,
        `${CHARACTER}\\s${CHARACTER}`,
      ].join('|'),
      'u',
    );
    expect(texts.filter((text) => wrong.test(text))).toEqual([]);
  });

  it('shows no asterisks: beside Chinese characters they may not begin or end bold text', () => {
    expect(texts.filter((text) => text.includes('**'))).toEqual([]);
  });
});

describe('docs/zh-CN/README.md', () => {
  it('says of which pages there is no Chinese one', () => {
    const index = 'docs/zh-CN/README.md';
    const entries = sharedBlocks(index).filter(({ links }) => links.some((link) => link.endsWith('.md')));
    expect(entries.length).toBeGreaterThan(20);
    const wrong = entries.filter(({ text, links }) => {
      const areTranslated = links.every((link) => CHINESE.includes(fileOf(index, link)));
      return areTranslated === text.includes('（英文）');
    });
    expect(wrong.map(({ text }) => text)).toEqual([]);
  });
});

function headingTags(blocks: readonly Block[]): string[] {
  return blocks.map(({ tag }) => tag).filter((tag) => /^h\d$/.test(tag));
}

/** The columns of each row of each table. */
function tables(blocks: readonly Block[]): number[][] {
  const found: number[][] = [];
  for (const { tag } of blocks) {
    const rows = found.at(-1);
    if (tag === 'table') found.push([]);
    if (tag === 'tr') rows?.push(0);
    if (tag === 'td' || tag === 'th') rows?.push((rows.pop() ?? 0) + 1);
  }
  return found;
}

function numbers(text: string): string[] {
  return text.match(/\d+(?:[.,]\d+)*/g) ?? [];
}
