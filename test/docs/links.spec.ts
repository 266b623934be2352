import { existsSync } from 'node:fs';
import { dirname, join, normalize } from 'node:path';
import { describe, expect, it } from '@jest/globals';
import { headingAnchors, linkTargets } from './support/markdown.js';
import { CHINESE, PAGES, read, ROOT } from './support/pages.js';

/** What is wrong with a link of a page, if anything is. */
function linkFault(page: string, target: string): string | undefined {
  const [path = '', anchor] = decodeURI(target).split('#');
  const file = path === '' ? page : normalize(join(dirname(page), path));
  if (file.startsWith('..') || !existsSync(join(ROOT, file))) return `${target}: there is no ${file}`;
  if (anchor === undefined) return undefined;
  if (!file.endsWith('.md')) return `${target}: ${file} has no headings`;
  return headingAnchors(read(file)).includes(anchor)
    ? undefined
    : `${target}: ${file} has no heading of that name`;
}

describe('the links', () => {
  it.each(PAGES)('of %s lead to files and headings that exist', (page) => {
    const relative = linkTargets(read(page)).filter((target) => !/^[a-z]+:/i.test(target));
    const faults = relative.map((target) => linkFault(page, target)).filter(Boolean);
    expect(faults).toEqual([]);
  });

  it('lead to every page of docs from its index', () => {
    const index = linkTargets(read('docs/README.md'));
    const pages = PAGES.filter((page) => /^docs\/(?!README|zh-CN)/.test(page)).map((page) => page.slice(5));
    expect(pages.filter((page) => !index.includes(page))).toEqual([]);
  });

  it('lead to every Chinese page of docs from its index', () => {
    const index = linkTargets(read('docs/zh-CN/README.md'));
    const pages = CHINESE.filter((page) => /^docs\/zh-CN\/(?!README)/.test(page)).map((page) =>
      page.slice(11),
    );
    expect(pages.length).toBeGreaterThan(5);
    expect(pages.filter((page) => !index.includes(page))).toEqual([]);
  });

  it('lead to every sample from the index of docs', () => {
    const index = linkTargets(read('docs/README.md'));
    const samples = PAGES.filter((page) => page.startsWith('sample/')).map((page) => `../${dirname(page)}`);
    expect(samples.filter((sample) => !index.includes(sample))).toEqual([]);
  });
});
