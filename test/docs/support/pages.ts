import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

/** The root of the repository. */
export const ROOT = fileURLToPath(new URL('../../..', import.meta.url));

/** The documentation that users read: paths from the root. */
export const DOCUMENTATION = ['README.md', ...pagesIn('docs')];

/** The same in Chinese, as far as it is translated. */
export const CHINESE = ['README.zh-CN.md', ...pagesIn('docs/zh-CN')];

/** Every page whose links are followed. */
export const PAGES = [
  ...DOCUMENTATION,
  ...CHINESE,
  ...readdirSync(ROOT).filter((name) => name.endsWith('.md') && !name.startsWith('README')),
  ...readdirSync(join(ROOT, 'sample'), { withFileTypes: true })
    .filter((entry) => entry.isDirectory())
    .map(({ name }) => `sample/${name}/README.md`),
];

/** Reads a file of the repository. */
export function read(path: string): string {
  return readFileSync(join(ROOT, path), 'utf8');
}

function pagesIn(folder: string): string[] {
  return readdirSync(join(ROOT, folder))
    .filter((name) => name.endsWith('.md'))
    .map((name) => `${folder}/${name}`);
}
