import type { Benchmark, Figure, Scale } from '../measurement.js';
import { number } from '../report/format.js';
import { alternate } from '../rounds.js';
import { median } from '../statistics.js';
import { freePort } from '../support/free-port.js';
import { GrpcLoad } from '../support/grpc-load.js';
import { OtherEnd } from '../support/other-end.js';

const CONCURRENCY = 64;

interface Server {
  readonly end: OtherEnd;
  readonly load: GrpcLoad;
  /** Milliseconds of CPU for each call, round by round. */
  readonly cpu: number[];
  /** How much of a core it used. */
  readonly busy: number[];
}

/** Unary calls to two servers that are there at the same time, one with the module. */
export const benchmark: Benchmark = { run: measureCalls };

async function measureCalls({ quick, rounds }: Scale): Promise<Figure[]> {
  const agent = await OtherEnd.start('agent');
  const without = await startServer();
  const counted = await startServer(await agent.ask<string>('url'));
  const duration = quick ? 400 : 1_500;
  // Nobody's first thousands of calls are his fastest.
  for (const { load } of [without, counted, without, counted]) await load.run(duration, CONCURRENCY);
  const { baseline, subject } = await alternate(rounds, {
    baseline: () => callsPerSecond(without, duration),
    subject: () => callsPerSecond(counted, duration),
  });
  for (const { load, end } of [without, counted]) {
    load.close();
    await end.stop();
  }
  await agent.stop();
  const against = 'the same server without the module';
  const busy = [without, counted].map((server) => `${number(median(server.busy) * 100)} %`).join(' and ');
  return [
    {
      id: 'calls',
      what: `unary gRPC calls, ${CONCURRENCY} at a time, with calls in flight counted`,
      unit: 'calls/s',
      against,
      baseline,
      subject,
      goals: [{ of: 'ratio', atLeast: 0.98 }],
      note: `the servers used ${busy} of a core: where that is not nearly all of it, calls.cpu is the figure to go by`,
    },
    {
      id: 'calls.cpu',
      what: 'CPU of the server for each call',
      unit: 'µs',
      against,
      baseline: without.cpu.slice(1).map((milliseconds) => milliseconds * 1000),
      subject: counted.cpu.slice(1).map((milliseconds) => milliseconds * 1000),
      goals: [],
    },
  ];
}

async function startServer(agent?: string): Promise<Server> {
  const port = await freePort();
  const end = await OtherEnd.start('app', { port, agent });
  await end.ask('settled');
  return { end, load: await GrpcLoad.connect(port), cpu: [], busy: [] };
}

async function callsPerSecond({ end, load, cpu, busy }: Server, duration: number): Promise<number> {
  const before = await end.ask<number>('cpu');
  const began = performance.now();
  const answered = await load.run(duration, CONCURRENCY);
  const took = performance.now() - began;
  const used = (await end.ask<number>('cpu')) - before;
  cpu.push(used / answered);
  busy.push(used / took);
  return (answered * 1000) / took;
}
