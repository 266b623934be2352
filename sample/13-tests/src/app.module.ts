import { Module } from '@nestjs/common';
import { SidecarAgentModule } from 'nestjs-sidecar-agent';
import { grpcOptions } from './grpc.options.js';
import { JobsController } from './jobs.controller.js';

@Module({
  imports: [
    // With a factory, a test can set the variables after it has imported this file.
    SidecarAgentModule.forRootAsync({
      useFactory: () => ({
        app: { id: '10014', name: 'factory', env: 'dev', version: 'v1.0.0' },
        service: { name: 'jobs' },
        grpc: grpcOptions,
        baseUrl: process.env.SIDECAR_AGENT_BASE_URL,
        drainDelay: process.env.DRAIN_DELAY ?? 'auto',
      }),
    }),
  ],
  controllers: [JobsController],
})
export class AppModule {}
