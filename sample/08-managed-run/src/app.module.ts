import { Module } from '@nestjs/common';
import { ConfigModule, type ConfigType } from '@nestjs/config';
import { SidecarAgentModule, type SidecarAgentOptions } from 'nestjs-sidecar-agent';
import { grpcOptions } from './grpc.options.js';
import { meshConfig } from './mesh.config.js';
import { StockController } from './stock.controller.js';
import { StockPool } from './stock.pool.js';

@Module({
  imports: [
    ConfigModule.forRoot({ load: [meshConfig] }),
    SidecarAgentModule.forRootAsync({
      imports: [ConfigModule.forFeature(meshConfig)],
      inject: [meshConfig.KEY],
      useFactory: (config: ConfigType<typeof meshConfig>): SidecarAgentOptions => ({
        ...config,
        grpc: grpcOptions(config),
      }),
    }),
  ],
  controllers: [StockController],
  providers: [StockPool],
})
export class AppModule {}
