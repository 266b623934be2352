import { status } from '@grpc/grpc-js';
import { Controller } from '@nestjs/common';
import { GrpcMethod, RpcException } from '@nestjs/microservices';
import { SidecarAgent } from 'nestjs-sidecar-agent';

interface Job {
  readonly name: string;
}

@Controller()
export class JobsController {
  constructor(private readonly sidecar: SidecarAgent) {}

  @GrpcMethod('JobService', 'Run')
  run({ name }: Job): Job {
    if (this.sidecar.status().phase === 'draining') {
      throw new RpcException({ code: status.UNAVAILABLE, message: 'this instance starts no more jobs' });
    }
    return { name };
  }
}
