import type { AppSettings } from '../ends/app.js';
import type { Benchmark, Figure, Scale } from '../measurement.js';
import { number } from '../report/format.js';
import { median } from '../statistics.js';
import { freePort } from '../support/free-port.js';
import { GrpcLoad } from '../support/grpc-load.js';
import { OtherEnd } from '../support/other-end.js';

const CONCURRENCY = 64;
/** How often each server of a pair is measured, in turn with the other. */
const TURNS = 6;

/** What the module loads in a process that uses it: of undici only some files. */
const LOADED = [
  'nestjs-sidecar-agent',
  'eventsource',
  'undici/lib/dispatcher/client.js',
  'undici/lib/dispatcher/pool.js',
  'undici/lib/core/connect.js',
  'undici/lib/api/api-request.js',
] as const;

/** One side: a server in its own process, with or without the module. */
interface Server {
  readonly end: OtherEnd;
  readonly load: GrpcLoad;
}

/** What a server has done in its turns. */
interface Work {
  calls: number;
  /** Milliseconds on the clock. */
  took: number;
  /** Milliseconds of CPU. */
  used: number;
}

/**
 * Unary calls to three servers, each in a process of its own: one with the module, one without, and
 * one that has loaded the module's packages and does not use them. So one figure has all that the
 * module costs its process, and another leaves out what any more code in a process costs. Two
 * processes of the same program differ by more than that. So there are many sets of new processes,
 * and the servers of a set take turns.
 */
export const benchmark: Benchmark = { run: measureCalls };

async function measureCalls({ quick }: Scale): Promise<Figure[]> {
  const agent = await OtherEnd.start('agent');
  const url = await agent.ask<string>('url');
  const without: Work[] = [];
  const loaded: Work[] = [];
  const counted: Work[] = [];
  for (let set = 0; set < (quick ? 3 : 14); set += 1) {
    const sides = [
      { settings: {}, done: without },
      { settings: { loads: LOADED }, done: loaded },
      { settings: { agent: url }, done: counted },
    ];
    if (set % 2 === 1) sides.reverse();
    const servers: Server[] = [];
    for (const { settings } of sides) servers.push(await startServer(settings));
    const works = await takeTurns(servers, quick ? 200 : 500);
    for (const [index, { done }] of sides.entries()) done.push(works[index] ?? noWork());
    for (const { end, load } of servers) {
      load.close();
      await end.stop();
    }
  }
  await agent.stop();
  const against = 'a server without the module in another process';
  const perSecond = (works: Work[]) => works.map(({ calls, took }) => (calls * 1000) / took);
  const cpu = (works: Work[]) => works.map(({ calls, used }) => (used * 1000) / calls);
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
      baseline: cpu(without),
      subject: cpu(counted),
      goals: [{ of: 'ratio', atMost: 1.01 }],
    },
    {
      id: 'calls.counting',
      what: 'CPU of the server per call',
      unit: 'µs',
      against: "a server that has loaded the module's packages and does not use them",
      baseline: cpu(loaded),
      subject: cpu(counted),
      goals: [{ of: 'ratio', atMost: 1.01 }],
    },
  ];
}

async function startServer(settings: Omit<AppSettings, 'port'>): Promise<Server> {
  const port = await freePort();
  const end = await OtherEnd.start('app', { port, ...settings });
  await end.ask('settled');
  return { end, load: await GrpcLoad.connect(port) };
}

async function takeTurns(servers: readonly Server[], duration: number): Promise<Work[]> {
  // The first thousands of calls are slower.
  for (const { load } of servers) await load.run(4 * duration, CONCURRENCY);
  const works = servers.map(noWork);
  for (let turn = 0; turn < TURNS; turn += 1) {
    const order = [...servers.entries()];
    if (turn % 2 === 1) order.reverse();
    for (const [index, server] of order) {
      const work = works[index];
      if (work) await measure(server, work, duration);
    }
  }
  return works;
}

async function measure({ end, load }: Server, work: Work, duration: number): Promise<void> {
  const before = await end.ask<number>('cpu');
  const began = performance.now();
  work.calls += await load.run(duration, CONCURRENCY);
  work.took += performance.now() - began;
  work.used += (await end.ask<number>('cpu')) - before;
}

function noWork(): Work {
  return { calls: 0, took: 0, used: 0 };
}
