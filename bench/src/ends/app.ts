import { setTimeout as sleep } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { Controller, type DynamicModule, Module } from '@nestjs/common';
import { NestFactory } from '@nestjs/core';
import { GrpcMethod, type MicroserviceOptions, Transport } from '@nestjs/microservices';
import { type EntryName, useEntry } from '../support/entry-points.js';
import { watchByHand } from '../support/watch-by-hand.js';
import { serve } from './serve.js';

/** An application that serves gRPC. */
export interface AppSettings {
  readonly port: number;
  /** The address of the agent. Without it the application does not use the module. */
  readonly agent?: string;
  /** The address of an agent whose stream the application reads without the module. */
  readonly watched?: string;
  /** Packages that the application loads and does not use. */
  readonly loads?: readonly string[];
  /** A Consul agent that takes the place of the agent. */
  readonly consul?: { readonly url: string; readonly ttl?: string };
  /** An optional entry point that the application uses. */
  readonly entry?: EntryName;
}

const settings = JSON.parse(process.argv[2] ?? '{}') as AppSettings;
const entry = await useEntry(settings.entry);
const grpc = {
  ...entry.grpc,
  package: 'acme.bench.v1',
  protoPath: fileURLToPath(new URL('../../proto/bench.proto', import.meta.url)),
  url: `127.0.0.1:${settings.port}`,
};

@Controller()
class BenchController {
  @GrpcMethod('Bench', 'Echo')
  echo(words: { text: string }): { text: string } {
    return words;
  }
}

for (const name of settings.loads ?? []) await import(name);
const { consul, agent = consul?.url } = settings;
const sidecar = agent === undefined ? undefined : await import('nestjs-sidecar-agent');
const { consulProviders } = consul ? await import('nestjs-sidecar-agent/consul') : {};
const imports: DynamicModule[] = sidecar
  ? [
      sidecar.SidecarAgentModule.forRoot({
        app: { id: '10001', name: 'bench-center', env: 'bench', version: 'v1.0.0' },
        service: { name: 'bench' },
        grpc,
        baseUrl: agent,
        gracePeriod: 0,
        providers: consulProviders?.({ ttl: consul?.ttl }) ?? [],
      }),
    ]
  : [];

@Module({
  imports: [...imports, ...entry.imports],
  controllers: [BenchController],
  providers: [...entry.providers],
})
class AppModule {}

const app = await NestFactory.createMicroservice<MicroserviceOptions>(AppModule, {
  transport: Transport.GRPC,
  options: grpc,
  logger: false,
});
await app.listen();
const listening = { at: performance.now(), cpu: cpuSoFar(), rss: process.memoryUsage.rss() };
const watching = settings.watched === undefined ? undefined : watchByHand(settings.watched);

serve({
  /** At the end of `listen()`: milliseconds since the start and of CPU, bytes of memory. */
  listening: () => listening,
  /** Resolves when the service is registered, or the stream without the module is open. */
  settled: async () => {
    if (sidecar) await app.get(sidecar.SidecarAgent).registered();
    await watching;
  },
  rss: async () => {
    // V8 frees pages in another thread, some of them only after the next collection.
    for (let round = 0; round < 3; round += 1) {
      globalThis.gc?.();
      await sleep(50);
    }
    return process.memoryUsage.rss();
  },
  /** Milliseconds of CPU since the start. */
  cpu: cpuSoFar,
});

function cpuSoFar(): number {
  const { user, system } = process.cpuUsage();
  return (user + system) / 1000;
}
