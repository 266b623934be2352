import { afterAll, describe, expect, it } from '@jest/globals';
import { SampleProcess } from './support/sample.process.js';

describe('sample 12: calls by DNS name', () => {
  afterAll(() => SampleProcess.endAll());

  it('leads the calls of two services to each other by their DNS names', async () => {
    const sample = new SampleProcess('12-calls-by-name/dist/main.js', {});
    const { code } = await sample.end();
    const call = (service: string, port: string) =>
      `A call to ${service}\\.default\\.svc\\.cluster\\.local:9090 goes to port ${port}\n`;
    const order = call('orders', '(\\d+)') + call('shipping', '(?!\\1\\n)\\d+') + call('orders', '\\1');
    const ends = 'Order 1 is on its way: 3 × book\nBoth got SIGTERM and exited with 0 and 0';
    expect({ code, output: sample.output }).toEqual({
      code: 0,
      output: expect.stringMatching(new RegExp(`^${order}${ends}$`)),
    });
  }, 60_000);
});
