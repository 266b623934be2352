import { afterAll, describe, expect, it } from '@jest/globals';
import { SampleProcess } from './support/sample.process.js';

describe('sample 10: long streams that move', () => {
  afterAll(() => SampleProcess.endAll());

  it('moves a stream to another instance in under a second, without losing or repeating a tick', async () => {
    const sample = new SampleProcess('10-long-streams/dist/main.js', {});
    const { code } = await sample.end();
    expect({ code, output: sample.output }).toEqual({
      code: 0,
      output: expect.stringMatching(
        /^Following (ticker-[12]), which gets SIGTERM\n\1 exited with 0\nMoved from \1 to (?!\1)ticker-[12] in \d{1,3} ms\n\d+ ticks, 0 lost, 0 repeated$/,
      ),
    });
  }, 60_000);
});
