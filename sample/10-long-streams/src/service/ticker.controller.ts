import { Controller } from '@nestjs/common';
import { GrpcMethod, Payload } from '@nestjs/microservices';
import { Draining } from 'nestjs-sidecar-agent';
import { interval, map, type Observable } from 'rxjs';
import { untilDraining } from './until-draining.js';

interface Tick {
  readonly number: number;
  readonly instance: string;
}

@Controller()
export class TickerController {
  @GrpcMethod('TickerService', 'Follow')
  follow(@Payload('from') from: number, @Draining() draining: AbortSignal): Observable<Tick> {
    const instance = process.env.INSTANCE_ID ?? '';
    return interval(5).pipe(
      map((index) => ({ number: from + index, instance })),
      untilDraining(draining),
    );
  }
}
