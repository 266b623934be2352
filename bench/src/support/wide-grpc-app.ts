import { fromJSON } from '@grpc/proto-loader';
import { Controller, type INestMicroservice, Module } from '@nestjs/common';
import { NestFactory } from '@nestjs/core';
import { GrpcMethod, type GrpcOptions, type MicroserviceOptions, Transport } from '@nestjs/microservices';

const METHODS_A_SERVICE = 20;

/** An application that does not listen, and the options of its gRPC server. */
export interface WideGrpcApp {
  readonly app: INestMicroservice;
  readonly grpc: GrpcOptions['options'];
}

/** Creates a gRPC application with this number of rpcs, each with a handler. */
export async function wideGrpcApp(rpcs: number): Promise<WideGrpcApp> {
  const services = Array.from({ length: Math.ceil(rpcs / METHODS_A_SERVICE) }, (_, index) => {
    const methods = Math.min(METHODS_A_SERVICE, rpcs - index * METHODS_A_SERVICE);
    return {
      name: `Service${index}`,
      rpcs: Array.from({ length: methods }, (_rpc, each) => `Method${each}`),
    };
  });
  const grpc: GrpcOptions['options'] = {
    package: 'acme.bench.v1',
    packageDefinition: fromJSON({
      nested: { acme: { nested: { bench: { nested: { v1: { nested: namespaceOf(services) } } } } } },
    }),
    url: '127.0.0.1:0',
  };

  @Module({ controllers: services.map(controllerOf) })
  class AppModule {}
  const app = await NestFactory.createMicroservice<MicroserviceOptions>(AppModule, {
    transport: Transport.GRPC,
    options: grpc,
    logger: false,
  });
  await app.init();
  return { app, grpc };
}

interface NamedService {
  readonly name: string;
  readonly rpcs: readonly string[];
}

function namespaceOf(services: readonly NamedService[]) {
  const words = { fields: { text: { type: 'string', id: 1 } } };
  const rpc = { requestType: 'Words', responseType: 'Words' };
  const entries = services.map(({ name, rpcs }) => [
    name,
    { methods: Object.fromEntries(rpcs.map((each) => [each, rpc])) },
  ]);
  return { Words: words, ...(Object.fromEntries(entries) as object) };
}

function controllerOf({ name, rpcs }: NamedService): new () => object {
  class WideController {}
  for (const rpc of rpcs) {
    const handler = { value: (words: object) => words, configurable: true };
    Object.defineProperty(WideController.prototype, rpc, handler);
    GrpcMethod(name, rpc)(WideController.prototype, rpc, handler);
  }
  Controller()(WideController);
  return WideController;
}
