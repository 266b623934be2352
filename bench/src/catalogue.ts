/** Every measurement, in the order in which they run: the name of its file in `suite/`, and what it measures. */
export const CATALOGUE = {
  watch: 'events of the watch, from the socket into the status',
  register: 'a register, beside a bare POST of the same bytes',
  node: 'building and encoding the node, by its methods',
  reconnect: 'from the end of the backoff to registered again',
  status: 'one call of status()',
  start: 'start-up and memory of an application, with the module and without',
  calls: 'what counting calls in flight costs a gRPC server',
  idle: 'CPU of an application with nothing to do but listen to heartbeats',
  fleet: 'many clients of one agent that restarts',
  soak: 'thousands of reconnects in one process',
  import: 'importing the main entry',
  ends: 'the ceilings of the other ends',
} as const;

/** The name of a measurement. */
export type BenchmarkName = keyof typeof CATALOGUE;

export const BENCHMARK_NAMES = Object.keys(CATALOGUE) as readonly BenchmarkName[];

export function isBenchmarkName(name: string): name is BenchmarkName {
  return Object.hasOwn(CATALOGUE, name);
}
