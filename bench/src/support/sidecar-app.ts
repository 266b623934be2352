import { type INestApplicationContext, Module, type Provider } from '@nestjs/common';
import { NestFactory } from '@nestjs/core';
import { SidecarAgentModule, type SidecarAgentOptions } from 'nestjs-sidecar-agent';

/** Builds method paths of a realistic length, about 37 characters. */
export function methodPaths(count: number): string[] {
  return Array.from(
    { length: count },
    (_, index) => `/acme.bench.v1.Service${Math.floor(index / 20)}/Method${String(index).padStart(5, '0')}`,
  );
}

/** Creates an application with only the module. It registers after `SidecarAgent.start()`. */
export function sidecarApp(
  baseUrl: string,
  more: Partial<SidecarAgentOptions> & { providers?: Provider[] } = {},
): Promise<INestApplicationContext> {
  @Module({
    imports: [
      SidecarAgentModule.forRoot({
        app: { id: '10001', name: 'bench-center', env: 'bench', version: 'v1.0.0' },
        service: { name: 'bench' },
        serverPort: 10500,
        methods: methodPaths(10),
        dialect: 'node',
        drainDelay: 0,
        gracePeriod: 0,
        baseUrl,
        ...more,
      }),
    ],
  })
  class AppModule {}
  return NestFactory.createApplicationContext(AppModule, { logger: false });
}
