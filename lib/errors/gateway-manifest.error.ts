import { SidecarAgentError } from './sidecar-agent.error.js';

/** One fault of a gateway manifest. */
export interface GatewayManifestFault {
  /** Where: `services[1].methods[0]`, `routes[3].path`; empty where it is the file as a whole. */
  readonly path: string;
  /** What is wrong with it, what is there and what is expected. */
  readonly message: string;
}

/** How many faults a message lists; a file of something else altogether has no end of them. */
const LISTED = 100;

/** A gateway manifest cannot be read, breaks the rules, or is not about what is served. All faults are listed at once. */
export class GatewayManifestError extends SidecarAgentError {
  override readonly name = 'GatewayManifestError';
  /** The manifest's path, absolute. */
  readonly file: string;
  /** All of them. */
  declare readonly faults: readonly GatewayManifestFault[];

  /**
   * @param file the manifest's path
   * @param advice what to do, after the faults
   */
  constructor(
    file: string,
    faults: readonly GatewayManifestFault[],
    advice?: string,
    options?: ErrorOptions,
  ) {
    super(
      'runtime_error',
      [`gateway manifest ${file}:${listed(faults)}`, advice].filter(Boolean).join('\n'),
      options,
    );
    this.file = file;
    // The message has them already; printed as a property they would stand there twice.
    Object.defineProperty(this, 'faults', { value: faults, enumerable: false });
  }
}

function listed(faults: readonly GatewayManifestFault[]): string {
  const lines = faults.map(({ path, message }) => (path === '' ? message : `${path}: ${message}`));
  if (lines.length === 1) return ` ${lines.join()}`;
  const more = lines.length > LISTED ? [`… and ${lines.length - LISTED} more`] : [];
  return [...lines.slice(0, LISTED), ...more].map((line) => `\n  - ${line}`).join('');
}
