import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it } from '@jest/globals';
import MarkdownIt from 'markdown-it';

interface Group {
  readonly text: string;
  readonly items: readonly { readonly text: string; readonly link: string }[];
}

interface Site {
  readonly PLACES: ReadonlyMap<string, string>;
  siteLink(source: string, target: string): string | undefined;
  siteLinks(markdown: MarkdownIt): void;
  summaryOf(source: string): { readonly title: string; readonly sentence: string };
  englishSidebar(): Group[];
  chineseSidebar(): Group[];
  writeLlms(folder: string, base: string): void;
  diagrams(markdown: MarkdownIt): void;
}

const modules = ['pages', 'links', 'outline', 'sidebar', 'llms', 'diagrams'].map(async (name) => {
  const url = new URL(`../../docs/.vitepress/${name}.mjs`, import.meta.url);
  return (await import(url.href)) as Partial<Site>;
});
const site = Object.assign({}, ...(await Promise.all(modules))) as Site;

const pages = [...site.PLACES.values()].filter((place) => place.endsWith('.md'));
const linksOf = (groups: Group[]) => groups.flatMap(({ items }) => items.map(({ link }) => link));

describe('a link', () => {
  it.each([
    ['docs/options.md', 'lifecycle.md#shutdown', '/lifecycle.md#shutdown'],
    ['docs/options.md', '../README.md#use-it', '/index.md#use-it'],
    ['docs/options.md', 'README.md', '/documentation.md'],
    ['README.md', 'docs/options.md', '/options.md'],
    ['README.md', 'SECURITY.md', '/security.md'],
    ['docs/managed-run.md', '../sample/08-managed-run', '/samples/08-managed-run.md'],
    ['docs/managed-run.md', '../sample/08-managed-run/', '/samples/08-managed-run.md'],
    ['sample/01-grpc-service/README.md', '../../docs/agent.md', '/agent.md'],
    ['docs/reliability.md', '../lib/registration', undefined],
  ])('of %s to %s leads to %s', (source, target, link) => {
    expect(site.siteLink(source, target)).toBe(link);
  });

  it('to a file that is not there ends the build', () => {
    expect(() => site.siteLink('docs/options.md', 'option.md')).toThrow(
      'docs/options.md: dead link to option.md',
    );
  });

  it('to a source file is text', () => {
    const markdown = new MarkdownIt().use(site.siteLinks);
    const text =
      '[rooms](../lib), [options](options.md), [a *b*](../test/left-out.mjs), [c](https://d.e) [f](#g)';
    expect(markdown.render(text, { relativePath: 'lifecycle.md' }).trim()).toBe(
      '<p>rooms, <a href="/options.md">options</a>, a <em>b</em>, <a href="https://d.e">c</a> <a href="#g">f</a></p>',
    );
  });
});

describe('a diagram', () => {
  const markdown = new MarkdownIt().use(site.diagrams);
  const rendered = (code: string) => markdown.render(`\`\`\`mermaid\n${code}\n\`\`\``);

  it('of states is a picture for each appearance, which loads nothing', () => {
    const html = rendered('stateDiagram-v2\n  starting --> connecting: booted');
    const pictures = [
      ...html.matchAll(/<img class="diagram-(\w+)" [^>]*src="data:image\/svg\+xml,([^"]+)">/g),
    ];
    expect(pictures.map(([, appearance]) => appearance)).toEqual(['light', 'dark']);
    for (const [, , svg = ''] of pictures) {
      expect(decodeURIComponent(svg)).toMatch(/^<svg .*starting.*connecting.*<\/svg>\s*$/s);
      expect(decodeURIComponent(svg)).not.toMatch(/@import|https?:\/\/(?!www\.w3\.org)/);
    }
  });

  it('of another sort stays text', () => {
    expect(rendered('flowchart TD\n  a --> b')).toContain('flowchart TD');
  });
});

describe('the sidebar', () => {
  it('has every page of a language once', () => {
    const isChinese = (link: string) => link.startsWith('/zh-CN/');
    const english = pages.map((place) => `/${place}`).filter((link) => !isChinese(link));
    const chinese = pages.map((place) => `/${place}`).filter(isChinese);
    expect(linksOf(site.englishSidebar()).sort()).toEqual(english.sort());
    expect(linksOf(site.chineseSidebar()).filter(isChinese).sort()).toEqual(chinese.sort());
  });

  it('has the groups of the index', () => {
    const groups = site.englishSidebar().map(({ text }) => text);
    expect(groups).toEqual(['Start', 'Use it', 'Operate it', 'Test it', 'Work on it', 'Samples']);
  });
});

describe('llms.txt', () => {
  it('has every page with its title and its first sentence', () => {
    const folder = mkdtempSync(join(tmpdir(), 'sidecar-llms-'));
    try {
      site.writeLlms(folder, '/base/');
      const short = readFileSync(join(folder, 'llms.txt'), 'utf8');
      expect(short).toContain(
        '# nestjs-sidecar-agent\n\n> A NestJS module for services in a sidecar-agent mesh.\n',
      );
      const lines = pages.map((place) => `](/base/${place.replace(/\.md$/, '.html')}): `);
      expect(lines.filter((line) => !short.includes(line))).toEqual([]);
      expect(short).toContain(
        '- [Managed run](/base/managed-run.html): runSidecarApp starts an app, waits until it must end, and ends it.\n',
      );
      expect(readFileSync(join(folder, 'llms-full.txt'), 'utf8')).toContain('# Lifecycle and shutdown');
    } finally {
      rmSync(folder, { recursive: true, force: true });
    }
  });
});
