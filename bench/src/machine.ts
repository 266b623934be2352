import { cpus, loadavg, totalmem } from 'node:os';

/** The machine on which the figures were measured. */
export interface Machine {
  readonly node: string;
  readonly platform: string;
  readonly cpu: string;
  readonly cores: number;
  readonly memoryGiB: number;
  /** The one-minute load average before the first round and after the last one. */
  readonly load: { readonly before: number; readonly after: number };
  readonly date: string;
}

/** @param loadBefore the load at the start of the run */
export function describeMachine(loadBefore: number): Machine {
  const cores = cpus();
  return {
    node: process.version,
    platform: `${process.platform} ${process.arch}`,
    cpu: cores[0]?.model.trim() ?? 'unknown',
    cores: cores.length,
    memoryGiB: Math.round(totalmem() / 2 ** 30),
    load: { before: loadBefore, after: loadNow() },
    date: new Date().toISOString().slice(0, 10),
  };
}

export function loadNow(): number {
  return Number((loadavg()[0] ?? 0).toFixed(2));
}
