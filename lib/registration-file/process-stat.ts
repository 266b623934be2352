/** What Linux tells of a process in `/proc/<pid>/stat`. */
export interface ProcessStat {
  /** Whether it has ended, and its parent has not asked for its code yet. */
  readonly isZombie: boolean;
  /** When it has started, in ticks since the boot. */
  readonly started: string | undefined;
}

/** Reads the content of `/proc/<pid>/stat`. */
export function parseProcessStat(stat: string): ProcessStat {
  // The name of the program, in parentheses, may have spaces. Field 3, the state, follows it.
  const fields = stat.split(') ').at(-1)?.split(' ') ?? [];
  const [state, threads, started] = [fields[0], fields[17], fields[19]];
  // The state is that of the main thread. While others end, the files and sockets are still open.
  return { isZombie: state === 'Z' && Number(threads) <= 1, started };
}
