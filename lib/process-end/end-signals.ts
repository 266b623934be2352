/**
 * The signals by which supervisors, terminals and tools ask a process to end. SIGBREAK is
 * Ctrl-Break; only Windows has it, and it has no SIGUSR2.
 */
export const END_SIGNALS: readonly NodeJS.Signals[] = [
  'SIGTERM',
  'SIGINT',
  'SIGHUP',
  'SIGQUIT',
  ...(process.platform === 'win32' ? (['SIGBREAK'] as const) : (['SIGUSR2'] as const)),
];

/** The signals of a crash. If JavaScript handles one, the process may hang in place of crashing. */
export const CRASH_SIGNALS: ReadonlySet<NodeJS.Signals> = new Set([
  'SIGILL',
  'SIGTRAP',
  'SIGABRT',
  'SIGBUS',
  'SIGFPE',
  'SIGSEGV',
]);
