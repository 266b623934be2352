import { ExitHold, type ExitHolder } from '../process-end/exit-hold.js';
import type { SidecarClock } from '../support/timing/sidecar-clock.js';

/**
 * Holds calls of `process.exit` while a module leaves the mesh, if the option `holdProcessExit` or
 * a managed run wants it.
 */
export class LeaveHold {
  readonly #option: boolean | undefined;
  readonly #holder: ExitHolder;
  #isManaged = false;
  #hasBegun = false;

  constructor(
    { holdProcessExit }: { readonly holdProcessExit?: boolean },
    clock: SidecarClock,
    logger: ExitHolder['logger'],
  ) {
    this.#option = holdProcessExit;
    this.#holder = { handlesSignals: false, clock, logger };
  }

  /** Whether calls are held while the module leaves. */
  get isWanted(): boolean {
    return this.#option ?? this.#isManaged;
  }

  /** Whether the module has begun to leave the mesh, for whatever reason. */
  get hasBegun(): boolean {
    return this.#hasBegun;
  }

  /** Notes that the application is run by `runSidecarApp`, where the option is true by default. */
  manage(): void {
    this.#isManaged = true;
  }

  /** Holds calls until the leave has ended, which begins now. */
  during(left: Promise<void>): void {
    this.#hasBegun = true;
    if (this.isWanted) void left.then(ExitHold.ofProcess().hold(this.#holder));
  }

  /** Notes that Nest has run the shutdown hooks of an application: it may end the process now. */
  closed(app: object): void {
    ExitHold.ofProcess().closed(app);
  }
}
