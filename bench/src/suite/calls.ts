import type { Benchmark, Figure, Scale } from '../measurement.js';
import { number } from '../report/format.js';
import { median } from '../statistics.js';
import { callInSets, CONCURRENCY, cpuPerCall, type Work } from '../support/call-turns.js';
import { OtherEnd } from '../support/other-end.js';

/** What the module loads in a process that uses it: of undici only some files. */
const LOADED = [
  'nestjs-sidecar-agent',
  'eventsource',
  'undici/lib/dispatcher/client.js',
  'undici/lib/dispatcher/pool.js',
  'undici/lib/core/connect.js',
  'undici/lib/api/api-request.js',
] as const;

/**
 * Unary calls to three servers, each in a process of its own: one with the module, one without, and
 * one that has loaded the module's packages and does not use them. So one figure has all that the
 * module costs its process, and another leaves out what any more code in a process costs. Two
 * processes of the same program differ by more than that. So there are many sets of new processes,
 * and the servers of a set take turns.
 */
export const benchmark: Benchmark = { run: measureCalls };

async function measureCalls(scale: Scale): Promise<Figure[]> {
  const agent = await OtherEnd.start('agent');
  const url = await agent.ask<string>('url');
  const sides = [{}, { loads: LOADED }, { agent: url }];
  const [without = [], loaded = [], counted = []] = await callInSets(sides, scale);
  await agent.stop();
  const against = 'a server without the module in another process';
  const perSecond = (works: Work[]) => works.map(({ calls, took }) => (calls * 1000) / took);
  const busy = [without, counted]
    .map((works) => `${number(median(works.map(({ used, took }) => used / took)) * 100)} %`)
    .join(' and ');
  return [
    {
      id: 'calls',
      what: `unary gRPC calls, ${CONCURRENCY} at a time, with calls in flight counted`,
      unit: 'calls/s',
      against,
      baseline: perSecond(without),
      subject: perSecond(counted),
      goals: [{ of: 'ratio', atLeast: 0.98 }],
      note: `the servers used ${busy} of a core; if that is far below 100 %, use calls.cpu instead`,
    },
    {
      id: 'calls.cpu',
      what: 'CPU of the server per call',
      unit: 'µs',
      against,
      baseline: cpuPerCall(without),
      subject: cpuPerCall(counted),
      goals: [{ of: 'ratio', atMost: 1.01 }],
    },
    {
      id: 'calls.counting',
      what: 'CPU of the server per call',
      unit: 'µs',
      against: "a server that has loaded the module's packages and does not use them",
      baseline: cpuPerCall(loaded),
      subject: cpuPerCall(counted),
      goals: [{ of: 'ratio', atMost: 1.01 }],
    },
  ];
}
