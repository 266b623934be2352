import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

/** The root of the repository. */
export const ROOT = fileURLToPath(new URL('../../..', import.meta.url));

/** The documentation that users read: paths from the root. */
export const DOCUMENTATION = [
  'README.md',
  ...readdirSync(join(ROOT, 'docs'))
    .filter((name) => name.endsWith('.md'))
    .map((name) => `docs/${name}`),
];

/** Every page whose links are followed. */
export const PAGES = [
  ...DOCUMENTATION,
  ...readdirSync(ROOT).filter((name) => name.endsWith('.md') && name !== 'README.md'),
  ...readdirSync(join(ROOT, 'sample'), { withFileTypes: true })
    .filter((entry) => entry.isDirectory())
    .map(({ name }) => `sample/${name}/README.md`),
];

/** Reads a file of the repository. */
export function read(path: string): string {
  return readFileSync(join(ROOT, path), 'utf8');
}
