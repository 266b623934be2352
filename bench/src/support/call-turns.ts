import type { AppSettings } from '../ends/app.js';
import type { Scale } from '../measurement.js';
import { freePort } from './free-port.js';
import { GrpcLoad } from './grpc-load.js';
import { OtherEnd } from './other-end.js';

/** How many calls are open at a time. */
export const CONCURRENCY = 64;
/** How often each server of a set is measured, in turn with the others. */
const TURNS = 6;

/** What a server has done in its turns. */
export interface Work {
  calls: number;
  /** Milliseconds on the clock. */
  took: number;
  /** Milliseconds of CPU. */
  used: number;
}

/** Returns the microseconds of CPU per call, one for each set of processes. */
export function cpuPerCall(works: readonly Work[]): number[] {
  return works.map(({ calls, used }) => (used * 1000) / calls);
}

/** A server in its own process. */
interface Server {
  readonly end: OtherEnd;
  readonly load: GrpcLoad;
}

/**
 * Starts a server for each of the settings, each in a new process, and lets them take turns under
 * load: again and again with new processes, as two of one program differ. Returns the work of each,
 * one for each set of processes, in the order of the settings.
 */
export async function callInSets(
  sides: readonly Omit<AppSettings, 'port'>[],
  { quick }: Pick<Scale, 'quick'>,
): Promise<Work[][]> {
  const done = sides.map((settings) => ({ settings, works: [] as Work[] }));
  for (let set = 0; set < (quick ? 3 : 14); set += 1) {
    const order = set % 2 === 0 ? done : done.toReversed();
    const works = await callInTurns(
      order.map(({ settings }) => settings),
      quick ? 200 : 500,
    );
    for (const [index, work] of works.entries()) order[index]?.works.push(work);
  }
  return done.map(({ works }) => works);
}

/** @param duration milliseconds of a turn */
async function callInTurns(sides: readonly Omit<AppSettings, 'port'>[], duration: number): Promise<Work[]> {
  const servers: Server[] = [];
  for (const settings of sides) servers.push(await startServer(settings));
  const works = await takeTurns(servers, duration);
  for (const { end, load } of servers) {
    load.close();
    await end.stop();
  }
  return works;
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
  const works = servers.map((): Work => ({ calls: 0, took: 0, used: 0 }));
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
