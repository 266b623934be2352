import {
  type CanActivate,
  Controller,
  Get,
  Header,
  type Type,
  UseGuards,
  VERSION_NEUTRAL,
} from '@nestjs/common';
import { InjectSidecarAgent } from './inject-sidecar-agent.decorator.js';
import { SidecarIgnore } from './service/routes/sidecar-ignore.decorator.js';
import type { SidecarStatus } from './status/sidecar-status.js';
import { SidecarStatusService } from './status/sidecar-status.service.js';
import type { TimelineEntry } from './status/timeline.js';

/** How {@link sidecarController} answers, and to whom. */
export interface SidecarControllerOptions {
  /**
   * The path of the controller, under the global prefix of the application if it has one.
   *
   * @default 'sidecar'
   */
  path?: string;
  /**
   * Guards that decide who may read it: classes or instances, as for `@UseGuards`.
   *
   * @default []: everybody who reaches the HTTP server
   */
  guards?: readonly (Type<CanActivate> | CanActivate)[];
  /**
   * The `name` of the module.
   *
   * @default none: the module without a name
   */
  name?: string;
}

/** What the controller of {@link sidecarController} answers. */
export type SidecarReport = Readonly<{
  status: SidecarStatus;
  /** What happened to the registration, oldest first; the last 100 entries. */
  timeline: readonly TimelineEntry[];
}>;

/**
 * Returns a controller that answers `GET /sidecar` with the status and the timeline as JSON. It
 * shows no secret, but names, ports and errors: give it guards if strangers reach the HTTP server.
 * It is never registered as an HTTP route, and has no version.
 *
 * @example
 * ```ts
 * @Module({ controllers: [sidecarController({ path: 'sidecar', guards: [AdminGuard] })] })
 * class OperationsModule {}
 * ```
 */
export function sidecarController({
  path = 'sidecar',
  guards = [],
  name,
}: SidecarControllerOptions = {}): Type<{ report(): SidecarReport }> {
  @SidecarIgnore()
  @UseGuards(...guards)
  @Controller({ path, version: VERSION_NEUTRAL })
  class SidecarController {
    constructor(
      @InjectSidecarAgent(name, SidecarStatusService) private readonly sidecar: SidecarStatusService,
    ) {}

    @Get()
    @Header('Cache-Control', 'no-store')
    report(): SidecarReport {
      return { status: this.sidecar.status(), timeline: this.sidecar.timeline() };
    }
  }
  return SidecarController;
}
