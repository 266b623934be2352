import { codeBlocks } from '../../docs/support/markdown.js';
import { read } from '../../docs/support/pages.js';

/** Returns a file that docs/operations.md shows, by the name in the comment before it. */
export function shownFile(name: string): string {
  const block = codeBlocks(read('docs/operations.md')).find(({ file }) => file === name);
  if (!block) throw new Error(`docs/operations.md shows no ${name}`);
  return block.code;
}

/** Returns the arguments of a command that docs/operations.md shows, by how its line begins. */
export function shownCommand(start: string): string[] {
  const shell = codeBlocks(read('docs/operations.md')).filter(({ language }) => language === 'sh');
  const line = shell.flatMap(({ code }) => code.split('\n')).find((each) => each.startsWith(`${start} `));
  if (line === undefined) throw new Error(`docs/operations.md shows no command ${start}`);
  return line.slice(start.length + 1).split(' ');
}
