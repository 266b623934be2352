import { readFile } from 'node:fs/promises';
import { join } from 'node:path';

import { PAGE_FOLDER } from './page-folder.cjs';

/** A file of the page, and the type that browsers are told. */
interface PageFile {
  readonly name: string;
  readonly type: string;
}

const FILES: ReadonlyMap<string, PageFile> = new Map([
  ['/', { name: 'index.html', type: 'text/html; charset=utf-8' }],
  ['/page/page.js', { name: 'page.js', type: 'text/javascript; charset=utf-8' }],
  ['/page/page.css', { name: 'page.css', type: 'text/css; charset=utf-8' }],
  ['/page/icon.svg', { name: 'icon.svg', type: 'image/svg+xml' }],
]);

/** Returns the file that a path is for. */
export function pageFileOf(path: string): PageFile | undefined {
  return FILES.get(path);
}

export function readPageFile({ name }: PageFile): Promise<Buffer> {
  return readFile(join(PAGE_FOLDER, name));
}
