import { Controller, Get } from '@nestjs/common';
import { type SidecarStatus, SidecarStatusService } from 'nestjs-sidecar-agent';

@Controller('status')
export class StatusController {
  constructor(private readonly sidecar: SidecarStatusService) {}

  /** The state of the registration. It contains no secret, header or token. */
  @Get()
  status(): SidecarStatus {
    return this.sidecar.status();
  }
}
