import { SidecarAgent, SidecarStatusService } from 'nestjs-sidecar-agent';
import type { Benchmark, Figure, Scale } from '../measurement.js';
import { alternate } from '../rounds.js';
import { OtherEnd } from '../support/other-end.js';
import { sidecarApp } from '../support/sidecar-app.js';

/** The cost of one status() call, for example in a health check. */
export const benchmark: Benchmark = { run: measureStatus };

async function measureStatus({ quick, rounds }: Scale): Promise<Figure[]> {
  const end = await OtherEnd.start('agent');
  const app = await sidecarApp(await end.ask<string>('url'));
  const agent = app.get(SidecarAgent);
  await agent.start();
  await agent.registered();
  const service = app.get(SidecarStatusService);
  const model = { ...service.status() };
  const calls = quick ? 500_000 : 3_000_000;
  const { baseline, subject } = await alternate(rounds, {
    baseline: () => nanoseconds(calls, () => ({ ...model })),
    subject: () => nanoseconds(calls, () => service.status()),
  });
  await app.close();
  await end.stop();
  return [
    {
      id: 'status',
      what: 'status() without changes since the last call',
      unit: 'ns',
      against: `a spread of an object with the same ${Object.keys(model).length} fields`,
      baseline,
      subject,
      goals: [
        { of: 'ratio', atMost: 1.5 },
        { of: 'subject', atMost: 40 },
      ],
    },
  ];
}

/** Returns nanoseconds per call. Uses every result, so that V8 cannot skip a call. */
function nanoseconds(calls: number, call: () => { inFlight: number }): number {
  let kept = call();
  let sum = 0;
  const began = performance.now();
  for (let count = 0; count < calls; count += 1) {
    kept = call();
    sum += kept.inFlight;
  }
  const took = performance.now() - began;
  if (sum !== 0 || kept.inFlight !== 0) throw new Error('expected no call in flight');
  return (took * 1e6) / calls;
}
