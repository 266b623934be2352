import { SidecarAgentError } from './sidecar-agent.error.js';

/** The HTTP routes of this service cannot be announced. All faults are listed at once. */
export class HttpRoutesError extends SidecarAgentError {
  override readonly name = 'HttpRoutesError';
  /** All of them, each naming the gRPC method it is about. */
  declare readonly faults: readonly string[];

  /** @param advice what to do, after the faults */
  constructor(faults: readonly string[], advice: string) {
    const lines = faults.map((fault) => `  - ${fault}`);
    super('runtime_error', ['these HTTP routes cannot be announced:', ...lines, advice].join('\n'));
    // The message has them already; printed as a property they would stand there twice.
    Object.defineProperty(this, 'faults', { value: faults, enumerable: false });
  }
}
