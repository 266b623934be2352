import { setTimeout as sleep } from 'node:timers/promises';
import type { Benchmark, Figure, Scale } from '../measurement.js';
import { freePort } from '../support/free-port.js';
import { OtherEnd } from '../support/other-end.js';

/** Two applications without calls, at the same time. */
export const benchmark: Benchmark = { run: measureIdle };

async function measureIdle({ quick, rounds }: Scale): Promise<Figure[]> {
  const agent = await OtherEnd.start('agent', { heartbeatInterval: 500 });
  const without = await OtherEnd.start('app', { port: await freePort() });
  const listening = await OtherEnd.start('app', {
    port: await freePort(),
    agent: await agent.ask<string>('url'),
  });
  await listening.ask('settled');
  const apps = [without, listening];
  const span = quick ? 1_000 : 4_000;
  await sleep(span);
  const seen = await observe(apps, rounds, span);
  for (const end of [...apps, agent]) await end.stop();
  const [baseline = [], subject = []] = seen;
  return [
    {
      id: 'idle',
      what: 'CPU of an application without calls, with two heartbeats per second',
      unit: '% of a core',
      against: 'the same application without the module, at the same time',
      baseline,
      subject,
      goals: [{ of: 'difference', atMost: 0.2 }],
    },
  ];
}

/** Returns the per cent of a core that each application used in each span. */
async function observe(apps: readonly OtherEnd[], rounds: number, span: number): Promise<number[][]> {
  const seen: number[][] = apps.map(() => []);
  for (let round = 0; round < rounds; round += 1) {
    const before = await Promise.all(apps.map((app) => app.ask<number>('cpu')));
    const began = performance.now();
    await sleep(span);
    const took = performance.now() - began;
    const after = await Promise.all(apps.map((app) => app.ask<number>('cpu')));
    apps.forEach((_, index) => {
      seen[index]?.push((((after[index] ?? 0) - (before[index] ?? 0)) / took) * 100);
    });
  }
  return seen;
}
