import { join } from 'node:path';
import { describe, expect, it } from '@jest/globals';
import ts from 'typescript';
import { blockFiles, givenFiles } from './support/block-files.js';
import { compileFiles } from './support/compile-files.js';
import { codeBlocks } from './support/markdown.js';
import { DOCUMENTATION, read, ROOT } from './support/pages.js';

/** `ts`, `js` and `json` are checked below; the others contain nothing that could be. */
const LANGUAGES = ['ts', 'js', 'json', 'proto', 'go', 'mermaid', 'sh', 'text', 'dockerfile', 'yaml', 'ini'];

/** A file that does not compile. */
const WRONG = join(ROOT, 'test/docs/blocks/wrong.ts');

describe('the code in README and docs', () => {
  it.each(DOCUMENTATION)('of %s says in which language it is', (page) => {
    const unknown = codeBlocks(read(page)).filter(({ language }) => !LANGUAGES.includes(language));
    expect(unknown).toEqual([]);
  });

  it('compiles as a user would write it', () => {
    const blocks = DOCUMENTATION.flatMap((page) => blockFiles(page, 'ts'));
    expect(blocks.length).toBeGreaterThan(20);
    const paths = blocks.map(({ path }) => path);
    expect(new Set(paths).size).toBe(paths.length);
    // Shows that types are really checked: an import that leads nowhere would be `any`.
    const wrong =
      "import { SidecarAgentModule } from 'nestjs-sidecar-agent';\nSidecarAgentModule.forRoot({ serverPort: 1 });";
    const files = givenFiles(blocks).set(WRONG, wrong);
    const errors = compileFiles([...paths, WRONG], files).map(({ path, line, message }) => {
      const block = blocks.find((each) => each.path === path);
      return `${block?.place(line) ?? path}: ${message}`;
    });
    expect(errors).toEqual([
      expect.stringMatching(/wrong\.ts: .*missing the following properties.*app, service/s),
    ]);
  }, 60_000);

  it('is JavaScript where it says so', () => {
    const errors = DOCUMENTATION.flatMap((page) => blockFiles(page, 'js')).flatMap(({ path, text }) => {
      const { diagnostics = [] } = ts.transpileModule(text, { fileName: path, reportDiagnostics: true });
      return diagnostics.map(({ messageText }) => ({ path, messageText }));
    });
    expect(errors).toEqual([]);
  });

  it('is JSON where it says so', () => {
    const blocks = DOCUMENTATION.flatMap((page) => blockFiles(page, 'json'));
    expect(blocks.length).toBeGreaterThan(0);
    for (const { text } of blocks) expect(() => void JSON.parse(text)).not.toThrow();
  });
});
