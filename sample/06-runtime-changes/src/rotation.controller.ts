import { BadRequestException, Controller, Get, HttpCode, Param, Post, Put } from '@nestjs/common';
import { InvalidOptionsError, SidecarAgent, type SidecarStatus } from 'nestjs-sidecar-agent';

/** For operators: changes the share of calls, takes the service out of rotation and back. */
@Controller('rotation')
export class RotationController {
  constructor(private readonly sidecar: SidecarAgent) {}

  @Get()
  status(): SidecarStatus {
    return this.sidecar.status();
  }

  /** A canary starts with weight 1 and gets more later. */
  @Put('weight/:weight')
  async weigh(@Param('weight') weight: string): Promise<SidecarStatus> {
    try {
      await this.sidecar.update({ weight: Number(weight) });
    } catch (error) {
      if (error instanceof InvalidOptionsError) throw new BadRequestException(error.faults);
      throw error;
    }
    return this.sidecar.status();
  }

  /** Takes the service out of rotation until the resume. Calls in flight continue. */
  @Post('drain')
  @HttpCode(200)
  async drain(): Promise<SidecarStatus> {
    await this.sidecar.drain();
    return this.sidecar.status();
  }

  @Post('resume')
  @HttpCode(200)
  async resume(): Promise<SidecarStatus> {
    await this.sidecar.resume();
    return this.sidecar.status();
  }
}
