import { Controller, Get } from '@nestjs/common';
import { type SidecarStatus, SidecarStatusService } from 'nestjs-sidecar-agent';

@Controller('status')
export class StatusController {
  constructor(private readonly sidecar: SidecarStatusService) {}

  /** All that is known of the registration. It holds no secret, header or token. */
  @Get()
  status(): SidecarStatus {
    return this.sidecar.status();
  }
}
