import { Module } from '@nestjs/common';
import { ConfigModule, ConfigService } from '@nestjs/config';
import { SidecarAgentModule, type SidecarAgentOptions } from 'nestjs-sidecar-agent';
import { BooksController } from './books.controller.js';
import { HealthController } from './health.controller.js';

@Module({
  imports: [
    ConfigModule.forRoot({ isGlobal: true }),
    SidecarAgentModule.forRootAsync({
      inject: [ConfigService],
      useFactory: (config: ConfigService): SidecarAgentOptions => ({
        app: {
          id: '10005',
          name: 'book-shop',
          env: config.get<string>('APP_ENV', 'dev'),
          version: config.get<string>('APP_VERSION', 'v1.0.0'),
        },
        service: { name: 'books' },
        // Without serverPort the module registers the port on which the server listens.
        protocol: 'http',
        baseUrl: config.get<string>('SIDECAR_AGENT_BASE_URL', 'http://127.0.0.1:15010'),
        gracePeriod: config.get<string>('GRACE_PERIOD', '20s'),
        drainDelay: config.get<string>('DRAIN_DELAY', 'auto'),
      }),
    }),
  ],
  controllers: [BooksController, HealthController],
})
export class AppModule {}
