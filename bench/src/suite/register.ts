import { type ServiceNode, SidecarClient } from 'nestjs-sidecar-agent';
import { Pool, request } from 'undici';
import { Latencies } from '../latency.js';
import type { Benchmark, Figure, Scale } from '../measurement.js';
import { number } from '../report/format.js';
import { OtherEnd } from '../support/other-end.js';
import { bytesOf, nodeOf } from '../support/service-node.js';
import { methodPaths, sidecarApp } from '../support/sidecar-app.js';

/** The number of calls before the sides change, so that noise affects both. */
const BLOCK = 25;

type Call = () => Promise<unknown>;

/** Registers one after the other on a kept connection. */
export const benchmark: Benchmark = { run: measureRegister };

async function measureRegister({ quick, rounds }: Scale): Promise<Figure[]> {
  const end = await OtherEnd.start('bare-agent');
  const url = await end.ask<string>('url');
  const app = await sidecarApp(url);
  const client = app.get(SidecarClient);
  const pool = new Pool(url, { connections: 4 });
  const compare = (node: ServiceNode, calls: number) =>
    race(rounds, calls, {
      baseline: barePost(url, pool, bytesOf(node)),
      subject: () => client.register(node, { dialect: 'node' }),
    });
  const small = await compare(nodeOf(methodPaths(10)), quick ? 500 : 5_000);
  const large = nodeOf(methodPaths(10_000));
  const before = process.cpuUsage();
  const big = await compare(large, quick ? 75 : 200);
  const busy = process.cpuUsage(before);
  await app.close();
  await pool.destroy();
  await end.stop();
  const against = 'undici.request with a pool: POST of the same bytes, the answer read as text';
  const goals = [{ of: 'ratio', atMost: 1.15 }] as const;
  const size = number(bytesOf(large).length / 1024);
  return [
    { id: 'register.p50', what: 'a register of 10 methods', unit: 'ms', against, ...small.p50, goals },
    { id: 'register.p99', what: 'the same, 99th percentile', unit: 'ms', against, ...small.p99, goals },
    {
      id: 'register.large.p50',
      what: `a register of 10,000 methods, ${size} KiB`,
      unit: 'ms',
      against,
      ...big.p50,
      goals,
      note: `CPU of the measuring process: ${number((busy.user + busy.system) / 1000)} ms for both sides together`,
    },
  ];
}

/** Reads the answer, without which the connection is not kept, and ignores it. */
function barePost(url: string, dispatcher: Pool, body: Buffer): Call {
  const headers = { 'content-type': 'application/json', accept: 'application/json' };
  return async () => {
    const response = await request(`${url}/register`, { dispatcher, method: 'POST', headers, body });
    return response.body.text();
  };
}

async function race(rounds: number, calls: number, sides: Record<'baseline' | 'subject', Call>) {
  const outcome = { p50: { baseline: [], subject: [] }, p99: { baseline: [], subject: [] } } as Record<
    'p50' | 'p99',
    Record<'baseline' | 'subject', number[]>
  >;
  for (let round = 0; round <= rounds; round += 1) {
    const seen = { baseline: new Latencies(), subject: new Latencies() };
    for (let done = 0; done < calls; done += BLOCK) {
      const order = ['baseline', 'subject'] as const;
      for (const side of (done / BLOCK) % 2 === 0 ? order : [...order].reverse()) {
        await timeEach(sides[side], seen[side]);
      }
    }
    // The first round is the warm-up.
    for (const side of ['baseline', 'subject'] as const) {
      if (round === 0) continue;
      outcome.p50[side].push(seen[side].percentile(50));
      outcome.p99[side].push(seen[side].percentile(99));
    }
  }
  return outcome;
}

async function timeEach(call: Call, latencies: Latencies): Promise<void> {
  for (let count = 0; count < BLOCK; count += 1) {
    const began = performance.now();
    await call();
    latencies.add(performance.now() - began);
  }
}
