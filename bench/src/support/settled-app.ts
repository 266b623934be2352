import { setTimeout as sleep } from 'node:timers/promises';
import type { AppSettings } from '../ends/app.js';
import { freePort } from './free-port.js';
import { OtherEnd } from './other-end.js';

/** An application that is registered, or was not asked to. */
export interface SettledApp {
  /** Milliseconds of CPU until the end of `listen()`. */
  readonly cpu: number;
  /** Megabytes, one second after the register. */
  readonly rss: number;
}

/**
 * Measures one application from its start, in a new process.
 *
 * @param flags flags for Node
 */
export async function measureSettledApp(
  settings: Omit<AppSettings, 'port'>,
  flags: readonly string[] = [],
): Promise<SettledApp> {
  const app = await OtherEnd.start('app', { port: await freePort(), ...settings }, flags);
  const { cpu } = await app.ask<{ cpu: number }>('listening');
  await app.ask('settled');
  await sleep(1_000);
  const rss = await app.ask<number>('rss');
  await app.stop();
  return { cpu, rss: rss / 1e6 };
}
