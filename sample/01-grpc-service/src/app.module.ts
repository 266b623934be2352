import { Module } from '@nestjs/common';
import { ConfigModule, ConfigService } from '@nestjs/config';
import { SidecarAgentModule } from 'nestjs-sidecar-agent';
import { AuthController } from './auth.controller.js';
import { grpcOptions } from './grpc.options.js';

@Module({
  imports: [
    ConfigModule.forRoot({ isGlobal: true }),
    SidecarAgentModule.forRootAsync({
      inject: [ConfigService],
      useFactory: (config: ConfigService) => ({
        app: {
          id: '10001',
          name: 'auth-center',
          env: config.get<string>('APP_ENV', 'dev'),
          version: config.get<string>('APP_VERSION', 'v1.0.0'),
        },
        service: { name: 'auth' },
        grpc: grpcOptions(config),
        baseUrl: config.get<string>('SIDECAR_AGENT_BASE_URL', 'http://127.0.0.1:15010'),
        gracePeriod: config.get<string>('GRACE_PERIOD', '20s'),
        drainDelay: config.get<string>('DRAIN_DELAY', 'auto'),
      }),
    }),
  ],
  controllers: [AuthController],
})
export class AppModule {}
