import { dirname, join } from 'node:path';
import { type CodeBlock, codeBlocks } from './markdown.js';
import { read, ROOT } from './pages.js';
import { PRELUDES } from './preludes.js';

/** A code block as a file that the compiler reads. */
export interface BlockFile {
  readonly path: string;
  readonly text: string;
  /** Where the block is: `docs/testing.md:15`. */
  place(line: number): string;
}

/** The folder of the files, which exists in memory only. */
const FOLDER = join(ROOT, 'test/docs/blocks');

/** What the files of the pages import, but do not show: a controller, and those of a new app. */
const GIVEN = new Map([
  ['auth.controller.ts', read('sample/01-grpc-service/src/auth.controller.ts')],
  ['app.controller.ts', 'export class AppController {}'],
  ['app.service.ts', 'export class AppService {}'],
]);

/**
 * Returns the blocks of a page in one language as files. A block with a name is the file of that
 * name, so other blocks of the page can import it.
 */
export function blockFiles(page: string, language: string): BlockFile[] {
  return codeBlocks(read(page))
    .filter((block) => block.language === language)
    .map((block) => blockFile(page, block));
}

/**
 * Returns the files that exist beside the blocks: in each folder those of the README, unless the
 * page has its own of that name.
 */
export function givenFiles(files: readonly BlockFile[]): Map<string, string> {
  const readme = codeBlocks(read('README.md')).flatMap(({ file, code }) =>
    file ? [[file, code] as const] : [],
  );
  const folders = new Set(files.map(({ path }) => dirname(path)));
  const given = [...folders].flatMap((folder) =>
    [...GIVEN, ...readme].map(([name, text]) => [join(folder, name), text] as const),
  );
  return new Map([...given, ...files.map(({ path, text }) => [path, text] as const)]);
}

function blockFile(page: string, { code, line, file, preludes, language }: CodeBlock): BlockFile {
  const prelude = preludes.map(preludeOf).join('\n');
  const text = prelude ? `${prelude}\n${code}` : code;
  const before = text.split('\n').length - code.split('\n').length;
  return {
    path: join(FOLDER, page.replace(/\.md$/, ''), file ?? `block-${line}.${language}`),
    text,
    place: (at) => `${page}:${line + at - 1 - before}`,
  };
}

function preludeOf(name: string): string {
  const prelude = PRELUDES[name];
  if (prelude === undefined) throw new Error(`there is no prelude ${name} in test/docs/support/preludes.ts`);
  return prelude;
}
