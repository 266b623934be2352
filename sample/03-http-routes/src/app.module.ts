import { Module } from '@nestjs/common';
import { SidecarAgentModule } from 'nestjs-sidecar-agent';
import { grpcOptions } from './grpc.options.js';
import { LibraryController } from './library.controller.js';

@Module({
  imports: [
    SidecarAgentModule.forRoot({
      app: { id: '10003', name: 'library', env: 'dev', version: 'v1.0.0' },
      service: { name: 'library' },
      grpc: grpcOptions,
      // The default too, but with this line the start fails if the proto has no annotations.
      httpRoutes: 'annotations',
      baseUrl: process.env.SIDECAR_AGENT_BASE_URL ?? 'http://127.0.0.1:15010',
      drainDelay: process.env.DRAIN_DELAY ?? 'auto',
    }),
  ],
  controllers: [LibraryController],
})
export class AppModule {}
