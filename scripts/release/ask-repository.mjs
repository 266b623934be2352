// @ts-check
import { once } from 'node:events';
import { createInterface } from 'node:readline/promises';
import { ReleaseError } from './release.error.mjs';
import { repositoryPage } from './repository-page.mjs';

/**
 * Asks for the repository until the answer is a URL, and returns its web page.
 *
 * @param {NodeJS.ReadableStream} input
 * @param {NodeJS.WritableStream} output
 */
export async function askRepository(input, output) {
  const terminal = createInterface({ input, output });
  // If the input ends, a question is never answered. Ctrl-C and Ctrl-D reject it.
  const closed = once(terminal, 'close').then(() => undefined);
  try {
    for (;;) {
      const question = terminal.question('Repository URL (such as https://github.com/OWNER/REPO): ');
      const answer = await Promise.race([question.catch(() => undefined), closed]);
      if (answer === undefined) throw new ReleaseError('no repository URL was given');
      try {
        return repositoryPage(answer.trim());
      } catch (error) {
        if (!(error instanceof ReleaseError)) throw error;
        output.write(`${error.message}\n`);
      }
    }
  } finally {
    terminal.close();
  }
}
