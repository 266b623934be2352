import { Pool } from 'undici';
import type { Benchmark, Figure, Scale } from '../measurement.js';
import { alternate } from '../rounds.js';
import { OtherEnd } from '../support/other-end.js';
import { bytesOf, nodeOf } from '../support/service-node.js';
import { methodPaths } from '../support/sidecar-app.js';

const CONNECTIONS = 16;

/** The limits of the agents used here, to show that the other figures are not theirs. */
export const benchmark: Benchmark = { run: measureEnds };

async function measureEnds({ quick, rounds }: Scale): Promise<Figure[]> {
  const bare = await OtherEnd.start('bare-agent');
  const embedded = await OtherEnd.start('agent', { probe: 3_600_000 });
  const urls = { bare: await bare.ask<string>('url'), embedded: await embedded.ask<string>('url') };
  const calls = quick ? 500 : 3_000;
  const { baseline, subject } = await alternate(rounds, {
    baseline: () => registersPerSecond(urls.bare, calls),
    subject: () => registersPerSecond(urls.embedded, calls),
  });
  await bare.stop();
  await embedded.stop();
  return [
    {
      id: 'ends.registers',
      what: `registers that the embedded agent answers, over ${CONNECTIONS} connections of undici`,
      unit: 'registers/s',
      against: 'the bare agent that register, reconnect and soak use',
      baseline,
      subject,
      goals: [],
      note: 'the other measurements need far less: one register at a time from the bare agent, 500 in several seconds from the embedded one',
    },
  ];
}

async function registersPerSecond(url: string, calls: number): Promise<number> {
  const pool = new Pool(url, { connections: CONNECTIONS });
  const body = bytesOf(nodeOf(methodPaths(10)));
  const headers = { 'content-type': 'application/json', accept: 'application/json' };
  let left = calls;
  const caller = async (): Promise<void> => {
    while (left > 0) {
      left -= 1;
      const answer = await pool.request({ method: 'POST', path: '/register', headers, body });
      if (answer.statusCode !== 200) throw new Error(`a register was answered ${answer.statusCode}`);
      await answer.body.dump();
    }
  };
  const began = performance.now();
  await Promise.all(Array.from({ length: CONNECTIONS }, caller));
  const took = performance.now() - began;
  await pool.destroy();
  return (calls * 1000) / took;
}
