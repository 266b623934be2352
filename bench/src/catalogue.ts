/** All measurements in the order of the run: the file in `suite/`, and the subject. */
export const CATALOGUE = {
  watch: 'events of the watch stream, from the socket to the status',
  register: 'a register, compared with a plain POST of the same bytes',
  node: 'building and encoding the node, by number of methods',
  reconnect: 'from the end of the backoff to registered again',
  status: 'one call of status()',
  start: 'start and memory of an application, with and without the module',
  calls: 'the cost of counting calls in flight in a gRPC server',
  entries: 'start, memory and calls of an application with each optional entry point',
  idle: 'CPU of an application that only receives heartbeats',
  fleet: 'many clients of one agent that restarts',
  soak: 'thousands of reconnects in one process',
  rolling: 'a rolling restart under load, behind routers that learn late',
  consul: 'a service at a real Consul agent',
  import: 'importing the main entry',
  install: 'the package and its dependencies on disk',
  ends: 'the limits of the agents used here',
} as const;

/** The name of a measurement. */
export type BenchmarkName = keyof typeof CATALOGUE;

export const BENCHMARK_NAMES = Object.keys(CATALOGUE) as readonly BenchmarkName[];

export function isBenchmarkName(name: string): name is BenchmarkName {
  return Object.hasOwn(CATALOGUE, name);
}
