import { Injectable } from '@nestjs/common';
import { ConfigService } from '@nestjs/config';
import type { SidecarAgentOptions, SidecarAgentOptionsFactory } from 'nestjs-sidecar-agent';
import { grpcOptions } from './grpc.options.js';

@Injectable()
export class SidecarOptionsFactory implements SidecarAgentOptionsFactory {
  constructor(private readonly config: ConfigService) {}

  createSidecarAgentOptions(): SidecarAgentOptions {
    const token = this.config.get<string>('SIDECAR_AGENT_TOKEN');
    return {
      app: {
        id: '10002',
        name: 'book-shop',
        env: this.config.get<string>('APP_ENV', 'dev'),
        version: this.config.get<string>('APP_VERSION', 'v1.0.0'),
        secret: this.config.get<string>('APP_SECRET'),
      },
      service: { name: 'catalog' },
      grpc: grpcOptions(this.config),
      baseUrl: this.config.get<string>('SIDECAR_AGENT_BASE_URL', 'http://127.0.0.1:15010'),
      headers: token === undefined ? {} : { authorization: `Bearer ${token}` },
      gracePeriod: this.config.get<string>('GRACE_PERIOD', '20s'),
      drainDelay: this.config.get<string>('DRAIN_DELAY', 'auto'),
    };
  }
}
