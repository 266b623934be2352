import {
  type DynamicModule,
  type INestApplication,
  type INestMicroservice,
  Logger,
  type LoggerService,
  Module,
} from '@nestjs/common';
import type { NestApplicationContextOptions } from '@nestjs/common/interfaces/nest-application-context-options.interface.js';
import { NestFactory } from '@nestjs/core';
import { type MicroserviceOptions, Transport } from '@nestjs/microservices';
import {
  SidecarAgentModule,
  type SidecarAgentModuleExtras,
  type SidecarAgentOptions,
} from '../../lib/index.js';
import { freePort } from './free-port.js';
import { GreeterModule, greeterGrpcOptions } from './greeter.js';

/** How an application is put together and started. */
export type AppShape = 'microservice' | 'hybrid, microservices first' | 'hybrid, http first';
export const APP_SHAPES: readonly AppShape[] = [
  'microservice',
  'hybrid, microservices first',
  'hybrid, http first',
];

/** Keeps every line that Nest logs, instead of printing it. */
export class LogBook implements LoggerService {
  readonly lines: string[] = [];
  log = (...words: unknown[]) => this.#keep('log', words);
  error = (...words: unknown[]) => this.#keep('error', words);
  warn = (...words: unknown[]) => this.#keep('warn', words);
  debug = (...words: unknown[]) => this.#keep('debug', words);
  verbose = (...words: unknown[]) => this.#keep('verbose', words);

  /** The lines of this package. */
  get sidecar(): string[] {
    return this.lines.filter((line) => / SidecarAgent(:\w+)?$/.test(line));
  }

  #keep(level: string, words: unknown[]): void {
    this.lines.push([level, ...words].map(String).join(' '));
  }
}

export interface GreeterApp {
  readonly app: INestMicroservice | INestApplication;
  readonly port: number;
  readonly logs: LogBook;
  listen(): Promise<void>;
}

export type GreeterOptions = Partial<SidecarAgentOptions> & SidecarAgentModuleExtras;

/** Options of the greeter's registration, with waits short enough for a test. */
export function greeterOptions(
  port: number,
  more: GreeterOptions,
): SidecarAgentOptions & SidecarAgentModuleExtras {
  return {
    app: { id: '10001', name: 'greeter-center', env: 'test', version: 'v1.3.4', secret: 's3cr3t-of-the-app' },
    service: { name: 'greeter' },
    grpc: greeterGrpcOptions(port),
    reconnectInterval: 20,
    maxReconnectInterval: 80,
    drainDelay: 0,
    ...more,
  };
}

/** A greeter that is made, and not yet listening. */
export async function createGreeterApp(
  shape: AppShape,
  more: GreeterOptions,
  settings: {
    port?: number;
    grpc?: Parameters<typeof greeterGrpcOptions>[1];
    imports?: DynamicModule[];
    /** The option `instrument` of Nest. */
    instrument?: NestApplicationContextOptions['instrument'];
  } = {},
): Promise<GreeterApp> {
  const port = settings.port ?? (await freePort());
  const logs = new LogBook();
  const sidecar = SidecarAgentModule.forRoot(greeterOptions(port, more));

  @Module({ imports: [GreeterModule, sidecar, ...(settings.imports ?? [])] })
  class AppModule {}

  const microservice: MicroserviceOptions = {
    transport: Transport.GRPC,
    options: greeterGrpcOptions(port, settings.grpc),
  };
  Logger.overrideLogger(logs);
  const options = { logger: logs, abortOnError: false, instrument: settings.instrument };
  if (shape === 'microservice') {
    const app = await NestFactory.createMicroservice<MicroserviceOptions>(AppModule, {
      ...microservice,
      ...options,
    });
    return { app, port, logs, listen: async () => void (await app.listen()) };
  }
  const app = await NestFactory.create(AppModule, options);
  app.connectMicroservice<MicroserviceOptions>(microservice);
  const listen = async () => {
    if (shape === 'hybrid, http first') await app.listen(0, '127.0.0.1');
    await app.startAllMicroservices();
    if (shape === 'hybrid, microservices first') await app.listen(0, '127.0.0.1');
  };
  return { app, port, logs, listen };
}
