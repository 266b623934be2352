import { SidecarAgent, SidecarClock, SidecarStatusService, WatchService } from 'nestjs-sidecar-agent';
import { Client, Pool } from 'undici';
import { Latencies } from '../latency.js';
import type { Benchmark, Figure, Scale } from '../measurement.js';
import { OtherEnd } from '../support/other-end.js';
import { bytesOf, nodeOf } from '../support/service-node.js';
import { methodPaths, sidecarApp } from '../support/sidecar-app.js';

/** Milliseconds; long enough for the socket of the dropped stream to close. */
const BACKOFF = 5;

/** The time from the moment a reconnect is due until the service is registered again. */
export const benchmark: Benchmark = { run: measureReconnect };

async function measureReconnect({ quick, rounds }: Scale): Promise<Figure[]> {
  const end = await OtherEnd.start('bare-agent');
  const url = await end.ask<string>('url');
  const cycles = quick ? 60 : 400;
  const seen = { p50: pairs(), p99: pairs() };
  for (let round = 0; round <= rounds; round += 1) {
    const byHand = await reconnectByHand(url, cycles);
    const module = await reconnectModule(end, url, cycles);
    if (round === 0) continue;
    for (const [name, rank] of [
      ['p50', 50],
      ['p99', 99],
    ] as const) {
      seen[name].baseline.push(byHand.percentile(rank));
      seen[name].subject.push(module.percentile(rank));
    }
  }
  await end.stop();
  const against =
    'undici alone: a GET of the stream on a new connection, its first event, a POST on a kept one';
  const what = 'from the end of the backoff to registered again';
  return [
    { id: 'reconnect.p50', what, unit: 'ms', against, ...seen.p50, goals: [] },
    {
      id: 'reconnect.p99',
      what: `${what}, 99th percentile`,
      unit: 'ms',
      against,
      ...seen.p99,
      goals: [{ of: 'subject', atMost: 5 }],
      note: 'the backoff ends when its timer fires; a late timer is not counted',
    },
  ];
}

/** Records the end of each backoff. Its `random()` makes the jitter choose the shortest delay. */
class NotingClock extends SidecarClock {
  dueAt = 0;
  now = (): number => Date.now();
  elapsed = (): number => performance.now();
  random = (): number => 0;

  after(milliseconds: number, task: () => void): () => void {
    const timer = setTimeout(() => {
      if (milliseconds === BACKOFF / 2) this.dueAt = performance.now();
      task();
    }, milliseconds);
    return () => clearTimeout(timer);
  }
}

async function reconnectModule(end: OtherEnd, url: string, cycles: number): Promise<Latencies> {
  const clock = new NotingClock();
  const app = await sidecarApp(url, {
    reconnectInterval: BACKOFF,
    maxReconnectInterval: BACKOFF,
    providers: [{ provide: SidecarClock, useValue: clock }],
  });
  const latencies = new Latencies();
  const agent = app.get(SidecarAgent);
  await agent.start();
  await agent.registered();
  await new Promise<void>((resolve) => {
    let done = 0;
    let lost = false;
    app.get(WatchService).events$.subscribe(({ type }) => (lost ||= type === 'disconnected'));
    app.get(SidecarStatusService).status$.subscribe(({ registered }) => {
      if (!registered || !lost) return;
      latencies.add(performance.now() - clock.dueAt);
      lost = false;
      done += 1;
      if (done === cycles) resolve();
    });
    void end.ask('dropAfterRegister', cycles - 1);
  });
  await app.close();
  return latencies;
}

/** The minimal exchange, without the module. */
async function reconnectByHand(url: string, cycles: number): Promise<Latencies> {
  const latencies = new Latencies();
  const posts = new Pool(url);
  const body = bytesOf(nodeOf(methodPaths(10)));
  const headers = { 'content-type': 'application/json', accept: 'application/json' };
  for (let cycle = 0; cycle < cycles; cycle += 1) {
    await new Promise((resolve) => setTimeout(resolve, BACKOFF / 2));
    const began = performance.now();
    const streams = new Client(url);
    const stream = await streams.request({
      method: 'GET',
      path: '/watch',
      headers: { accept: 'text/event-stream' },
    });
    stream.body.on('error', () => {});
    await new Promise((resolve) => stream.body.once('data', resolve));
    const answer = await posts.request({ method: 'POST', path: '/register', headers, body });
    await answer.body.json();
    latencies.add(performance.now() - began);
    await streams.destroy();
  }
  await posts.destroy();
  return latencies;
}

function pairs(): { baseline: number[]; subject: number[] } {
  return { baseline: [], subject: [] };
}
