/** What {@link EmbeddedAgent.options} returns: options of `SidecarAgentModule` for a test. */
export interface TestOptions {
  /** The agent's URL. */
  readonly baseUrl: string;
  /** 0: nobody in a test has to learn of the drain, so the service does not serve on after it. */
  readonly drainDelay: 0;
  /**
   * 1 s: the longest wait for calls in flight, which a test may have left open. With
   * `requestTimeout` it makes a `shutdownTimeout` of 4 s, below the 5 s that Jest gives a hook.
   */
  readonly gracePeriod: '1s';
  /** 1 s: an agent that hangs is noticed before the test is out of time. */
  readonly requestTimeout: '1s';
  /** 50 ms: the service is back soon after the agent was stopped, or refused a register. */
  readonly reconnectInterval: 50;
  /** 200 ms, so that the waits do not grow while a test keeps the agent away. */
  readonly maxReconnectInterval: 200;
}

/** Returns the options of a service that registers with the agent at a URL. */
export function testOptions(baseUrl: string): TestOptions {
  return {
    baseUrl,
    drainDelay: 0,
    gracePeriod: '1s',
    requestTimeout: '1s',
    reconnectInterval: 50,
    maxReconnectInterval: 200,
  };
}
