// Two greeters in one process, each with an agent of its own: under runSidecarApp, or under Nest's
// shutdown hooks.
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { Controller, Module } from '@nestjs/common';
import { NestFactory } from '@nestjs/core';
import { GrpcMethod, Transport } from '@nestjs/microservices';
import { runSidecarApp, SidecarAgentModule } from 'nestjs-sidecar-agent';

const settings = JSON.parse(process.env.SETTINGS);
const aborts = {};
const orders = {
  'abort first': () => aborts.first.abort(),
  'exit 3': () => {
    process.exit(3);
    console.log('EXIT RETURNED');
  },
  throw: () => {
    globalThis.setTimeout(() => {
      throw new Error('boom');
    });
  },
};
const input = createInterface({ input: process.stdin }).on('line', (line) => orders[line]());
input.on('close', () => process.exit(99));
process.stdin.unref();

await Promise.all([start('first', settings.first), start('second', settings.second)]);

async function start(name, { port, baseUrl, mode, useProcessExit }) {
  class GreeterController {
    async greet({ name }) {
      return { text: `hello ${name}` };
    }
    onApplicationShutdown() {
      console.log(`SHUT DOWN ${name}`);
    }
  }
  const descriptor = Object.getOwnPropertyDescriptor(GreeterController.prototype, 'greet');
  GrpcMethod('Greeter', 'Greet')(GreeterController.prototype, 'greet', descriptor);
  Controller()(GreeterController);
  const options = {
    package: 'acme.greeter.v1',
    protoPath: join(import.meta.dirname, '../../support/greeter.proto'),
    url: `127.0.0.1:${port}`,
  };
  class AppModule {}
  const sidecar = SidecarAgentModule.forRoot({
    app: { id: '10001', name: 'greeter-center', env: 'test', version: 'v1.3.4' },
    service: { name },
    grpc: options,
    drainDelay: 0,
    baseUrl,
    holdProcessExit: mode === 'plain' ? true : undefined,
  });
  Module({ controllers: [GreeterController], imports: [sidecar] })(AppModule);
  const nest = { transport: Transport.GRPC, options, abortOnError: false };
  const create = () => NestFactory.createMicroservice(AppModule, nest);
  if (mode === 'plain') {
    const app = await create();
    app.enableShutdownHooks([], { useProcessExit });
    return app.listen();
  }
  aborts[name] = new globalThis.AbortController();
  await runSidecarApp(create, { abortSignal: aborts[name].signal, exit: mode === 'managed, exit' });
  console.log(`RUN ENDED ${name}`);
}
