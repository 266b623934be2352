import { Module } from '@nestjs/common';
import { SidecarAgentModule } from 'nestjs-sidecar-agent';
import { searchOptions } from '../grpc.options.js';
import { sharedOptions } from '../sidecar.options.js';
import { SearchController } from './search.controller.js';

@Module({
  imports: [
    SidecarAgentModule.forRoot({
      ...sharedOptions,
      name: 'search',
      service: { name: 'search' },
      grpc: searchOptions,
    }),
  ],
  controllers: [SearchController],
})
export class SearchModule {}
