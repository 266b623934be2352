import { afterAll, afterEach, describe, expect, it } from '@jest/globals';
import { SampleProcess } from '../samples/support/sample.process.js';
import { BINARY, ConsulAgent } from './support/consul-agent.js';

const SCRIPT = '11-consul/dist/main.js';
const OUTPUT = new RegExp(
  [
    String.raw`^Consul is at http://127\.\d+\.\d+\.\d+:\d+`,
    String.raw`Consul lists stock at 127\.0\.0\.1:\d+ as passing`,
    String.raw`Consul lists orders at 127\.0\.0\.1:\d+ as passing`,
    'Ordered 3 × book: 7 left',
    String.raw`Deregistered stock behind its back: passing again after \d+ ms`,
    'Both got SIGTERM and exited with 0 and 0: Consul lists 0 of them$',
  ].join('\n'),
);

describe('sample 11: straight at Consul', () => {
  afterEach(() => SampleProcess.endAll());
  afterAll(() => ConsulAgent.endAll());

  it('runs on a Consul of its own', async () => {
    const sample = new SampleProcess(SCRIPT, { CONSUL_BIN: BINARY });
    const { code } = await sample.end();
    expect({ code, output: sample.output }).toEqual({ code: 0, output: expect.stringMatching(OUTPUT) });
  });

  it('runs on an agent that is there', async () => {
    const consul = await ConsulAgent.start();
    const sample = new SampleProcess(SCRIPT, {
      CONSUL_HTTP_ADDR: new URL(consul.url).host,
      CONSUL_BIN: '/nowhere',
    });
    const { code } = await sample.end();
    expect({ code, output: sample.output }).toEqual({ code: 0, output: expect.stringMatching(OUTPUT) });
    expect(sample.output).toContain(consul.url);
  });

  it('says what to do if there is no Consul', async () => {
    const sample = new SampleProcess(SCRIPT, { CONSUL_BIN: '/nowhere/consul' });
    expect(await sample.end()).toEqual({ code: 2, signal: null });
    expect(sample.output).toMatch(
      /^There is no Consul: \/nowhere\/consul cannot be started \(.*ENOENT\)\.\nSet CONSUL_BIN .*CONSUL_HTTP_ADDR.*8500\.$/,
    );
  });
});
