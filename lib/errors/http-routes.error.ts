import { SidecarAgentError } from './sidecar-agent.error.js';

/** Thrown if the module cannot register the HTTP routes of this service. It lists every fault. */
export class HttpRoutesError extends SidecarAgentError {
  override readonly name = 'HttpRoutesError';
  /** Every fault, with the gRPC method or the route that it is about. */
  declare readonly faults: readonly string[];

  /** @param advice what to do; it follows the faults */
  constructor(faults: readonly string[], advice: string) {
    const lines = faults.map((fault) => `  - ${fault}`);
    super('runtime_error', ['these HTTP routes cannot be registered:', ...lines, advice].join('\n'));
    // Not enumerable: Node prints enumerable properties after the message, which has the faults.
    Object.defineProperty(this, 'faults', { value: faults, enumerable: false });
  }
}
