import type { Benchmark, Figure, Scale } from '../measurement.js';
import { number } from '../report/format.js';
import { alternate } from '../rounds.js';
import { median } from '../statistics.js';
import { freePort } from '../support/free-port.js';
import { GrpcLoad } from '../support/grpc-load.js';
import { OtherEnd } from '../support/other-end.js';

const CONCURRENCY = 64;
/** The number of processes to measure, one after the other, because processes differ. */
const PROCESSES = 3;

/** The values of one side, one per round. */
interface Seen {
  /** Per second. */
  readonly calls: number[];
  /** Microseconds of CPU per call. */
  readonly cpu: number[];
  /** The used share of a core. */
  readonly busy: number[];
}

interface Server {
  readonly end: OtherEnd;
  readonly load: GrpcLoad;
  readonly seen: Seen;
}

/**
 * Unary calls to two servers, one with the module. Both are in one process, because two processes
 * of the same program differ by more than the effect that is measured.
 */
export const benchmark: Benchmark = { run: measureCalls };

async function measureCalls({ quick, rounds }: Scale): Promise<Figure[]> {
  const agent = await OtherEnd.start('agent');
  const url = await agent.ask<string>('url');
  const without: Seen = { calls: [], cpu: [], busy: [] };
  const counted: Seen = { calls: [], cpu: [], busy: [] };
  for (let process = 0; process < PROCESSES; process += 1) {
    const [port, twin] = [await freePort(), await freePort()];
    const end = await OtherEnd.start('app', { port, twin, agent: url });
    await end.ask('settled');
    const servers = [
      { end, load: await GrpcLoad.connect(twin), seen: without },
      { end, load: await GrpcLoad.connect(port), seen: counted },
    ] as const;
    await race(servers, { rounds, duration: quick ? 200 : 1_000 });
    for (const { load } of servers) load.close();
    await end.stop();
  }
  await agent.stop();
  const against = 'a server without the module in the same process';
  const busy = [without, counted].map((seen) => `${number(median(seen.busy) * 100)} %`).join(' and ');
  return [
    {
      id: 'calls',
      what: `unary gRPC calls, ${CONCURRENCY} at a time, with calls in flight counted`,
      unit: 'calls/s',
      against,
      baseline: without.calls,
      subject: counted.calls,
      goals: [{ of: 'ratio', atLeast: 0.98 }],
      note: `the servers used ${busy} of a core; if that is far below 100 %, use calls.cpu instead`,
    },
    {
      id: 'calls.cpu',
      what: 'CPU of the server per call',
      unit: 'µs',
      against,
      baseline: without.cpu,
      subject: counted.cpu,
      goals: [],
    },
  ];
}

async function race(
  [without, counted]: readonly [Server, Server],
  { rounds, duration }: { readonly rounds: number; readonly duration: number },
): Promise<void> {
  // The first thousands of calls are slower.
  for (const { load } of [without, counted]) await load.run(4 * duration, CONCURRENCY);
  await alternate(
    rounds,
    {
      baseline: () => callsPerSecond(without, duration),
      subject: () => callsPerSecond(counted, duration),
    },
    0,
  );
}

async function callsPerSecond({ end, load, seen }: Server, duration: number): Promise<number> {
  const before = await end.ask<number>('cpu');
  const began = performance.now();
  const answered = await load.run(duration, CONCURRENCY);
  const took = performance.now() - began;
  const used = (await end.ask<number>('cpu')) - before;
  const calls = (answered * 1000) / took;
  seen.calls.push(calls);
  seen.cpu.push((used * 1000) / answered);
  seen.busy.push(used / took);
  return calls;
}
