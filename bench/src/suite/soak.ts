import { SidecarAgent, SidecarStatusService } from 'nestjs-sidecar-agent';
import type { Benchmark, Figure, Scale } from '../measurement.js';
import { fitLine } from '../statistics.js';
import { OtherEnd } from '../support/other-end.js';
import { sidecarApp } from '../support/sidecar-app.js';

/** Cycles until caches are full and V8 has compiled the code. */
const WARM_UP = 2_000;

interface Sample {
  readonly cycle: number;
  /** Bytes, after a collection. */
  readonly heap: number;
  readonly sockets: number;
}

/** Many drops, reconnects and registers in one process. */
export const benchmark: Benchmark = { run: measureSoak };

async function measureSoak({ quick }: Scale): Promise<Figure[]> {
  const end = await OtherEnd.start('bare-agent');
  const cycles = quick ? 2_000 : 20_000;
  const samples = await cycle(end, WARM_UP + cycles, cycles / 20);
  await end.stop();
  const settled = samples.filter((sample) => sample.cycle >= WARM_UP);
  const heap = fitLine(settled.map((sample) => [sample.cycle, sample.heap] as const));
  const sockets = settled.map((sample) => sample.sockets);
  return [
    {
      id: 'soak.heap',
      what: `slope of the heap over ${cycles} cycles of drop, reconnect and register`,
      unit: 'bytes/cycle',
      against: '',
      baseline: [],
      subject: [heap.slope],
      goals: [{ of: 'subject', atMost: 32 }],
      note: `from ${megabytes(settled.at(0))} to ${megabytes(settled.at(-1))} MB, r² ${heap.r2.toFixed(2)}; the smallest object that a cycle could leak has 16 bytes, a socket thousands`,
    },
    {
      id: 'soak.sockets',
      what: 'additional sockets at the end',
      unit: 'sockets',
      against: '',
      baseline: [],
      subject: [(sockets.at(-1) ?? NaN) - (sockets.at(0) ?? NaN)],
      goals: [{ of: 'subject', atMost: 1 }],
      note: `${Math.min(...sockets)} to ${Math.max(...sockets)} open at the samples`,
    },
  ];
}

async function cycle(end: OtherEnd, cycles: number, every: number): Promise<Sample[]> {
  const app = await sidecarApp(await end.ask<string>('url'), {
    reconnectInterval: 1,
    maxReconnectInterval: 1,
  });
  const samples: Sample[] = [];
  const agent = app.get(SidecarAgent);
  await agent.start();
  await agent.registered();
  await new Promise<void>((resolve) => {
    let last = 0;
    app.get(SidecarStatusService).status$.subscribe(({ registered, registerReplayCount: count }) => {
      if (!registered || count === last) return;
      last = count;
      if (count % every === 0) samples.push(take(count));
      if (count >= cycles) resolve();
    });
    void end.ask('dropAfterRegister', cycles - 1);
  });
  await app.close();
  return samples;
}

function take(count: number): Sample {
  globalThis.gc?.();
  const sockets = process.getActiveResourcesInfo().filter((kind) => kind.startsWith('TCPSocket')).length;
  return { cycle: count, heap: process.memoryUsage().heapUsed, sockets };
}

function megabytes(sample: Sample | undefined): string {
  return ((sample?.heap ?? NaN) / 1e6).toFixed(2);
}
