import { BadRequestException, Controller, Get, HttpCode, Param, Post, Put } from '@nestjs/common';
import { InvalidOptionsError, SidecarAgent, type SidecarStatus } from 'nestjs-sidecar-agent';

/** For whoever looks after the service: its share of the calls, and whether it gets any. */
@Controller('rotation')
export class RotationController {
  constructor(private readonly sidecar: SidecarAgent) {}

  @Get()
  status(): SidecarStatus {
    return this.sidecar.status();
  }

  /** A canary starts at 1 and grows. */
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

  /** Out of rotation: calls in flight go on, new ones go elsewhere, until it is resumed. */
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
