import type { Duration } from '../support/timing/duration.js';

/** How the service leaves the mesh. */
export interface ShutdownOptions {
  /**
   * The longest time that calls in flight may take after the drain: 0, or 1 ms and more. With 0 or
   * `''` the module deregisters without a drain and without waiting for calls.
   * @default '20s'
   */
  gracePeriod?: Duration;
  /**
   * How long the service keeps serving after the drain, so that routers can stop sending calls.
   *
   * - `'auto'`: until no call has arrived for one and a half times as long as the longest time
   *   without one before, 2 s to 7 s. A service with few calls waits at least 7 s. If the agent is
   *   away, a service with few calls, or with calls in batches, waits until the agent's lease has
   *   run out, 16 s.
   * - a duration, 0 or 1 ms and more: at least so long, and then until no call has arrived for 2 s,
   *   or for `drainDelay` if that is shorter. With 0 the module waits for calls in flight alone.
   *
   * Neither goes beyond `gracePeriod`.
   * @default 'auto'
   */
  drainDelay?: Duration;
  /**
   * The paths of HTTP requests that do not show that callers remain, since monitoring sends them
   * for ever: probes and metrics. Each is a whole path without a query, a global prefix included.
   * The module waits for these requests as for others.
   * @default `['/health', '/health/live', '/health/ready', '/health/started', '/healthz', '/livez',
   *   '/readyz', '/metrics']`
   */
  probePaths?: readonly string[];
  /**
   * The longest time that the whole shutdown may take, 1 ms and more. When it is reached, the
   * module closes the connections that are still open.
   * @default `gracePeriod` + 3 × `requestTimeout`
   */
  shutdownTimeout?: Duration;
  /**
   * Whether calls of `process.exit` by other code are held while the service leaves the mesh. Some
   * libraries call it at SIGTERM, and would end the process in the middle of the drain. The call
   * returns, and its code is used when the service has left; a second call, or a second signal,
   * exits at once.
   * @default true in a managed run, otherwise false
   */
  holdProcessExit?: boolean;
}
