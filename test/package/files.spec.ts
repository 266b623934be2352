import { beforeAll, describe, expect, it } from '@jest/globals';
import { manifest, pack } from './support/install.mjs';

const { exports, bin } = manifest as {
  exports: Record<string, string | Record<'types' | 'default', string>>;
  bin: Record<string, string>;
};
const ENTRIES = Object.values(exports).flatMap((entry) =>
  typeof entry === 'string' ? [] : [entry.types, entry.default, `${entry.default}.map`],
);
/** Files that `package.json` names, below the folder of the package. */
const NAMED = [...ENTRIES, ...Object.values(bin)].map((path) => path.replace(/^\.\//, ''));

const ALLOWED = [
  ...['package.json', 'README.md', 'README.zh-CN.md', 'CHANGELOG.md', 'SECURITY.md', 'LICENSE'],
  ...NAMED,
  /^docs\/(zh-CN\/)?(?!architecture|performance|reliability)[\w-]+\.md$/,
  /^dist\/chunks\/[\w.-]+\.js(\.map)?$/,
  /^dist\/schematics\/(nest-add\.cjs|collection\.json|schema\.json)$/,
  /^dist\/types\/[\w.-]+\.d\.ts$/,
  /^dist\/cli\/chunks\/[\w.-]+\.js$/,
  /^dist\/agent-page\/page\/(index\.html|page\.css|page\.js|icon\.svg)$/,
  /^dist\/(agent-page\/server\/page-folder|support\/late-packages)\.cjs(\.map)?$/,
];

describe('the packed package', () => {
  let packed: ReturnType<typeof pack>;
  let paths: string[];

  beforeAll(() => {
    packed = pack('--dry-run');
    paths = packed.files.map(({ path }) => path);
  });

  it('holds only what its users need', () => {
    const isAllowed = (path: string) =>
      ALLOWED.some((allowed) => (typeof allowed === 'string' ? allowed === path : allowed.test(path)));
    expect(paths.filter((path) => !isAllowed(path))).toEqual([]);
  });

  it('holds every file that package.json names', () => {
    expect(NAMED.filter((path) => !paths.includes(path))).toEqual([]);
  });

  it('stays small', () => {
    expect(paths.length).toBeLessThanOrEqual(125);
    // Half of it is source maps with the sources in them.
    expect(packed.unpackedSize).toBeLessThanOrEqual(3_900_000);
    expect(packed.size).toBeLessThanOrEqual(1_000_000);
  });

  it('declares the names of an entry point in one file, and shares the rest with the others', () => {
    const declarations = paths.filter((path) => path.endsWith('.d.ts'));
    expect(declarations.length).toBeLessThanOrEqual(20);
  });
});
