import { afterEach, describe, expect, it, jest } from '@jest/globals';
import { expectGoodbye, expectGoodEnd, startDemo } from '../samples/support/demo.js';
import { SampleProcess, send } from '../samples/support/sample.process.js';

jest.setTimeout(60_000);
afterEach(() => SampleProcess.endAll());

/** The lines after which the test sends a signal. */
const BEFORE_REGISTERED = [/listens on/, /Starting the service/];
const REGISTERED = [
  /auth registered, /,
  /auth is Serving/,
  /was answered/,
  /Restarting the agent/,
  /reconnecting/,
  /registered again/,
  /stays up/,
];

describe('sample 01: a signal to the whole process group', () => {
  it.each(BEFORE_REGISTERED)('ends well after %s, without drain and deregister', async (line) => {
    const demo = await startDemo();
    await demo.sample.line(line);
    demo.sample.signal('SIGTERM');
    await expectGoodEnd(demo);
    expect(demo.sample.output).not.toMatch(/drain of|deregister of/);
    expect(demo.sample.lines.at(-1)).toMatch(/was not registered yet|was not started yet/);
  });

  it.each(REGISTERED)('ends the demonstration after %s, with drain and deregister', async (line) => {
    const demo = await startDemo();
    await demo.sample.line(line);
    demo.sample.signal('SIGTERM');
    await expectGoodEnd(demo);
    expectGoodbye(demo);
  });

  it.each(['SIGINT', 'SIGHUP'] as const)('ends well at %s too', async (signal) => {
    const demo = await startDemo();
    await demo.sample.line(/stays up/);
    demo.sample.signal(signal);
    await expectGoodEnd(demo);
    expectGoodbye(demo);
  });

  it.each([/shutting down the service/, /Leaving the mesh/, /drain of auth/, /deregister of auth/])(
    'ends as well if it comes again after %s',
    async (line) => {
      const demo = await startDemo();
      await demo.sample.line(/is Serving/);
      demo.sample.signal('SIGINT');
      demo.sample.signal('SIGTERM');
      await demo.sample.line(line);
      demo.sample.signal('SIGINT');
      await expectGoodEnd(demo);
      expectGoodbye(demo);
    },
  );
});

describe('sample 01: a signal to the launcher and the service at once', () => {
  it.each([...BEFORE_REGISTERED, ...REGISTERED])('ends well after %s', async (line) => {
    const demo = await startDemo();
    await demo.sample.line(line);
    const { servicePid } = demo.sample;
    if (servicePid !== undefined) send(servicePid, 'SIGTERM');
    demo.sample.signal('SIGTERM');
    await expectGoodEnd(demo);
  });
});
