import { expectTypeOf } from 'expect-type';
import type { Beacon, SidecarAgent } from '../../lib/index.js';

declare const agent: SidecarAgent;

const beacon = agent.beacon();
expectTypeOf(beacon).toEqualTypeOf<Beacon>();
expectTypeOf(beacon.end).toEqualTypeOf<() => void>();
expectTypeOf<Beacon>().toExtend<Disposable>();

expectTypeOf(agent.track(Promise.resolve(7))).toEqualTypeOf<Promise<number>>();
expectTypeOf(agent.track(Promise.resolve())).toEqualTypeOf<Promise<void>>();

export async function work(): Promise<string> {
  using job = agent.beacon();
  job.end();
  return agent.track(Promise.resolve('done'));
}

// @ts-expect-error it takes a promise, so that it starts before it is counted
void agent.track(() => Promise.resolve(7));
