import { PassThrough } from 'node:stream';
import { describe, expect, it } from '@jest/globals';
import { askRepository } from '../../../scripts/release/ask-repository.mjs';

const QUESTION = 'Repository URL (such as https://github.com/OWNER/REPO): ';

/** Asks somebody who types the lines and then ends the input. */
async function ask(...lines: string[]) {
  const input = new PassThrough();
  const output = new PassThrough({ encoding: 'utf8' });
  const shown: string[] = [];
  output.on('data', (text: string) => {
    shown.push(text);
    if (!text.includes(QUESTION)) return;
    const line = lines.shift();
    if (line === undefined) input.end();
    else input.write(`${line}\n`);
  });
  const page = await askRepository(input, output).catch((error: unknown) => error);
  return { page, shown: shown.join('') };
}

describe('the question for the repository', () => {
  it('gives the page', async () => {
    expect(await ask(' git@github.com:acme/agent.git ')).toEqual({
      page: 'https://github.com/acme/agent',
      shown: QUESTION,
    });
  });

  it('is asked again after an answer that is not a URL', async () => {
    const { page, shown } = await ask('agent', 'https://github.com/acme/agent');
    expect(page).toBe('https://github.com/acme/agent');
    expect(shown).toMatch(/repository: must be a URL .*, got "agent"\n/);
    expect(shown.split(QUESTION)).toHaveLength(3);
  });

  it('fails if the input ends', async () => {
    const { page } = await ask();
    expect(page).toMatchObject({ name: 'ReleaseError', message: 'no repository URL was given' });
  });
});
