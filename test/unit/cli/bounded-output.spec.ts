import { PassThrough } from 'node:stream';
import { describe, expect, it } from '@jest/globals';
import { BoundedOutput } from '../../../lib/cli/bounded-output.js';

describe('BoundedOutput', () => {
  it('leaves out lines while nobody reads, and says how many', async () => {
    const stream = new PassThrough();
    const warnings: string[] = [];
    const output = new BoundedOutput(stream, (line) => warnings.push(line));
    const line = 'x'.repeat(1024);
    for (let index = 0; index < 2_000; index += 1) output.write(line);
    expect(stream.writableLength + stream.readableLength).toBeLessThan(1.2 * 1024 * 1024);
    expect(warnings).toEqual([]);
    const read: string[] = [];
    stream.setEncoding('utf8').on('data', (text: string) => read.push(text));
    await new Promise((resolve) => stream.once('drain', resolve));
    output.write('the next');
    await new Promise((resolve) => stream.end(resolve));
    const written = read.join('').trimEnd().split('\n');
    expect(written.at(-1)).toBe('the next');
    expect(warnings).toEqual([
      `left out ${2_000 - (written.length - 1)} lines of the output: nobody read it in time`,
    ]);
  });
});
