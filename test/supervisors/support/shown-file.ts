import { codeBlocks } from '../../docs/support/markdown.js';
import { read } from '../../docs/support/pages.js';

/** Returns a file that docs/operations.md shows, by the name in the comment before it. */
export function shownFile(name: string): string {
  const block = codeBlocks(read('docs/operations.md')).find(({ file }) => file === name);
  if (!block) throw new Error(`docs/operations.md shows no ${name}`);
  return block.code;
}
