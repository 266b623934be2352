import { fileURLToPath } from 'node:url';
import { Module } from '@nestjs/common';
import { SidecarAgentModule } from 'nestjs-sidecar-agent';
import { grpcOptions } from './grpc.options.js';
import { TicketController } from './ticket.controller.js';

@Module({
  imports: [
    SidecarAgentModule.forRoot({
      app: { id: '10004', name: 'help-desk', env: 'dev', version: 'v1.0.0' },
      service: { name: 'ticket' },
      grpc: grpcOptions,
      // Methods and routes come from the manifest. The start fails if the server serves others.
      gatewayManifestPath:
        process.env.GATEWAY_MANIFEST ??
        fileURLToPath(new URL('../dep/protobuf/gen/gateway.manifest.json', import.meta.url)),
      baseUrl: process.env.SIDECAR_AGENT_BASE_URL ?? 'http://127.0.0.1:15010',
      drainDelay: process.env.DRAIN_DELAY ?? 'auto',
    }),
  ],
  controllers: [TicketController],
})
export class AppModule {}
