import type { AppSettings } from '../ends/app.js';
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

/** A server in its own process. */
interface Server {
  readonly end: OtherEnd;
  readonly load: GrpcLoad;
}

/**
 * Starts a server for each of the settings, each in a new process, and lets them take turns under
 * load. Returns the work of each, in the order of the settings.
 *
 * @param duration milliseconds of a turn
 */
export async function callInTurns(
  sides: readonly Omit<AppSettings, 'port'>[],
  duration: number,
): Promise<Work[]> {
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
