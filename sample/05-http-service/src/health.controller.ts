import { Controller, Get, ServiceUnavailableException, VERSION_NEUTRAL } from '@nestjs/common';
import { SidecarIgnore, SidecarStatusService } from 'nestjs-sidecar-agent';

/** For operators. Its route is not registered, so that no gateway leads here. */
@SidecarIgnore()
@Controller({ path: 'health', version: VERSION_NEUTRAL })
export class HealthController {
  constructor(private readonly sidecar: SidecarStatusService) {}

  @Get()
  check() {
    const { phase, registered, inFlight } = this.sidecar.status();
    if (!registered) throw new ServiceUnavailableException({ phase });
    return { phase, inFlight };
  }
}
