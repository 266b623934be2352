import { SidecarAgentError } from './sidecar-agent.error.js';

/** One fault of the options. */
export interface OptionFault {
  /** Where: `app.id`, `grpc.url`, `serverPort`. */
  readonly path: string;
  /** What is wrong with it and what is expected. */
  readonly message: string;
}

/** The module's options are not usable. All faults are listed at once, each with the path of its option. */
export class InvalidOptionsError extends SidecarAgentError {
  override readonly name = 'InvalidOptionsError';
  /** All of them. */
  declare readonly faults: readonly OptionFault[];

  /** @param user who cannot use them */
  constructor(faults: readonly OptionFault[], user = 'SidecarAgentModule') {
    const lines = faults.map((fault) => `  - ${fault.path}: ${fault.message}`);
    super('invalid_options', `${user} cannot use these options:\n${lines.join('\n')}`);
    // The message has them already; printed as a property they would stand there twice.
    Object.defineProperty(this, 'faults', { value: faults, enumerable: false });
  }
}
