import { SidecarAgentError } from './sidecar-agent.error.js';

/** One fault of the options. */
export interface OptionFault {
  /** The option at fault: `app.id`, `grpc.url`, `serverPort`. */
  readonly path: string;
  /** What is wrong with it, what was given unless that may be confidential, and what to do. */
  readonly message: string;
}

/**
 * Options given in code cannot be used. The module throws it while Nest creates the application, or
 * when the server is bound if only the server could tell, before anything is sent to the agent;
 * `SidecarAgent.update`, `grpcClientOptions` and `runSidecarApp` throw it for the options that they
 * take. One error lists every fault. Correct the options and
 * start again. Its kind is `invalid_options`.
 */
export class InvalidOptionsError extends SidecarAgentError {
  override readonly name = 'InvalidOptionsError';
  /** Every fault, each with the path of its option. */
  declare readonly faults: readonly OptionFault[];

  /** @param user the class or function that cannot use the options, for the message */
  constructor(faults: readonly OptionFault[], user = 'SidecarAgentModule') {
    const lines = faults.map((fault) => `  - ${fault.path}: ${fault.message}`);
    super('invalid_options', `${user} cannot use these options:\n${lines.join('\n')}`);
    // Not enumerable: a logger that prints properties would repeat the message.
    Object.defineProperty(this, 'faults', { value: faults, enumerable: false });
  }
}
