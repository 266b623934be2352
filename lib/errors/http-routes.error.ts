import { SidecarAgentError } from './sidecar-agent.error.js';

/** The HTTP routes of this service cannot be announced. All faults are listed at once. */
export class HttpRoutesError extends SidecarAgentError {
  override readonly name = 'HttpRoutesError';
  /** All of them, each naming the gRPC method or the option it is about. */
  declare readonly faults: readonly string[];

  constructor(faults: readonly string[]) {
    super('runtime_error', `httpRoutes: these routes cannot be announced:\n${listed(faults)}`);
    // The message has them already; printed as a property they would stand there twice.
    Object.defineProperty(this, 'faults', { value: faults, enumerable: false });
  }
}

function listed(faults: readonly string[]): string {
  return faults.map((fault) => `  - ${fault}`).join('\n');
}
