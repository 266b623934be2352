// The site of the documentation: `npm run docs` builds it into build/docs.
import { join } from 'node:path';
import { slug } from 'github-slugger';
import { DIAGRAM_STYLE, diagrams } from './diagrams.mjs';
import { siteLinks } from './links.mjs';
import { writeLlms } from './llms.mjs';
import { CHINESE_SEARCH, LOCALES } from './locales.mjs';
import { layOut, ROOT } from './pages.mjs';

const srcDir = join(ROOT, 'build/docs-source');
layOut(srcDir);

/**
 * Splits a text into words, since Chinese has no spaces between them. VitePress sends the source of
 * the function to the browser: it must not use anything of this file.
 */
function tokenize(text) {
  const segments = new Intl.Segmenter('zh-CN', { granularity: 'word' }).segment(text);
  return [...segments].filter(({ isWordLike }) => isWordLike).map(({ segment }) => segment);
}

export default {
  title: 'nestjs-sidecar-agent',
  description: 'A NestJS module for services in a sidecar-agent mesh',
  // The path below which the site is served, such as /nestjs-sidecar-agent/.
  base: process.env.DOCS_BASE ?? '/',
  srcDir,
  outDir: join(ROOT, 'build/docs'),
  cacheDir: join(ROOT, 'build/docs-cache'),
  head: [['style', {}, DIAGRAM_STYLE]],
  locales: LOCALES,
  markdown: {
    // The anchors that GitHub makes, which the links of the pages have.
    anchor: { slugify: (text) => slug(text) },
    config: (markdown) => markdown.use(siteLinks).use(diagrams),
  },
  themeConfig: {
    outline: [2, 3],
    // Not every page has a translation: the menu leads to the start page of the other language.
    i18nRouting: false,
    search: {
      provider: 'local',
      options: {
        miniSearch: { options: { tokenize } },
        locales: { 'zh-CN': { translations: CHINESE_SEARCH } },
      },
    },
  },
  buildEnd: ({ outDir, site }) => writeLlms(outDir, site.base),
};
