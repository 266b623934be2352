import { SidecarAgentError } from './sidecar-agent.error.js';

/** One fault of a gateway manifest. */
export interface GatewayManifestFault {
  /**
   * The field at fault: `services[1].methods[0]`, `routes[3].path`; empty for the file as a whole.
   */
  readonly path: string;
  /** What is wrong with it, what was given, and what is expected. */
  readonly message: string;
}

/** The most faults that a message lists: a file that is not a manifest may have thousands. */
const LISTED = 100;

/**
 * Thrown if a gateway manifest cannot be read, has faults, or declares other methods than the
 * server serves. It lists every fault, and shows no content of the file but field names and the
 * values of manifest fields.
 */
export class GatewayManifestError extends SidecarAgentError {
  override readonly name = 'GatewayManifestError';
  /** The absolute path of the manifest. */
  readonly file: string;
  /** Every fault. */
  declare readonly faults: readonly GatewayManifestFault[];

  /**
   * @param file the absolute path of the manifest
   * @param advice what to do; it follows the faults
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
    // Not enumerable: Node prints enumerable properties after the message, which has the faults.
    Object.defineProperty(this, 'faults', { value: faults, enumerable: false });
  }
}

function listed(faults: readonly GatewayManifestFault[]): string {
  const lines = faults.map(({ path, message }) => (path === '' ? message : `${path}: ${message}`));
  if (lines.length === 1) return ` ${lines.join()}`;
  const more = lines.length > LISTED ? [`… and ${lines.length - LISTED} more`] : [];
  return [...lines.slice(0, LISTED), ...more].map((line) => `\n  - ${line}`).join('');
}
