// A greeter in a process of its own, for signals: the built package as a user has it, and
// decorators written out.
import { once } from 'node:events';
import { join } from 'node:path';
import { Controller, Module } from '@nestjs/common';
import { NestFactory } from '@nestjs/core';
import { GrpcMethod, Transport } from '@nestjs/microservices';
import { runSidecarApp, SidecarAgentModule, SidecarStatusService } from 'nestjs-sidecar-agent';
import { concat, firstValueFrom, map, NEVER, of, Subject, take } from 'rxjs';

const settings = JSON.parse(process.env.GREETER ?? '{}');
const grpc = {
  package: 'acme.greeter.v1',
  protoPath: join(import.meta.dirname, 'greeter.proto'),
  url: `127.0.0.1:${settings.port}`,
  ...settings.grpc,
};

class GreeterController {
  released = new Subject();

  async greet({ name }) {
    if (name === 'hold') await firstValueFrom(this.released);
    if (name === 'release') this.released.next();
    return { text: `hello ${name}` };
  }

  count({ name }) {
    const last = this.released.pipe(
      take(1),
      map(() => ({ text: `${name} 2` })),
    );
    return concat(of({ text: `${name} 1` }), name === 'endless' ? NEVER : last);
  }
}
for (const [method, rpc] of Object.entries({ greet: 'Greet', count: 'Count' })) {
  const descriptor = Object.getOwnPropertyDescriptor(GreeterController.prototype, method);
  GrpcMethod('Greeter', rpc)(GreeterController.prototype, method, descriptor);
}
Controller()(GreeterController);

/** Fails while Nest runs the bootstrap hooks, if the test says so. */
class Crasher {
  async onApplicationBootstrap() {
    if (settings.crash === 'later') {
      console.log('HOOK RUNS');
      await once(process.stdin.resume(), 'end');
    }
    if (settings.crash) throw new Error('the hook fails');
  }
}
class CrasherModule {}
Module({ providers: [Crasher] })(CrasherModule);

class Gateway {}

const consul = settings.consul && (await import('nestjs-sidecar-agent/consul'));
const imports = [
  SidecarAgentModule.forRoot({
    app: { id: '10001', name: 'greeter-center', env: 'test', version: 'v1.3.4' },
    service: { name: 'greeter' },
    grpc,
    reconnectInterval: 20,
    maxReconnectInterval: 80,
    drainDelay: 0,
    // Nest runs the shutdown hooks of a global module last.
    ...(settings.terminus && { isGlobal: false }),
    ...settings.sidecar,
    ...(consul && { providers: consul.consulProviders(settings.consul) }),
  }),
  CrasherModule,
];
if (settings.terminus) {
  const { TerminusModule } = await import('@nestjs/terminus');
  const terminus = TerminusModule.forRoot({ gracefulShutdownTimeoutMs: settings.terminus.sleep });
  if (settings.terminus.imported === 'first') imports.unshift(terminus);
  else imports.push(terminus);
}

class AppModule {}
Module({
  controllers: [GreeterController],
  providers: settings.gateway ? [Gateway] : [],
  imports,
})(AppModule);

const listenHttp = () => app.listen(settings.httpPort ?? 0, '127.0.0.1');
const microservice = { transport: Transport.GRPC, options: grpc };
const app =
  settings.shape === 'microservice'
    ? await NestFactory.createMicroservice(AppModule, microservice)
    : await NestFactory.create(AppModule);
if (settings.gateway) {
  const { WebSocketGateway } = await import('@nestjs/websockets');
  const { WsAdapter } = await import('@nestjs/platform-ws');
  WebSocketGateway()(Gateway);
  app.useWebSocketAdapter(new WsAdapter(app));
}
// A worker of a cluster tells its status when it is asked.
if (process.send) process.on('message', () => process.send(app.get(SidecarStatusService).status()));
if (!settings.managed && settings.signals !== false) app.enableShutdownHooks([], { useProcessExit: true });
if (settings.managed) {
  await runSidecarApp(app);
} else if (settings.shape === 'microservice') {
  await app.listen();
} else {
  app.connectMicroservice(microservice);
  if (settings.shape === 'hybrid, http first') await listenHttp();
  await app.startAllMicroservices();
  if (settings.shape === 'hybrid, microservices first') await listenHttp();
}
console.log('LISTENING');
// With Terminus the test lets the calls go by ending our input: the server refuses new ones then.
if (settings.terminus) {
  process.stdin.resume().once('end', () => app.get(GreeterController).released.next());
}
// Without signals the test says "close" by ending our input.
if (settings.signals === false) {
  process.stdin.resume().once('end', async () => {
    await app.close();
    console.log('CLOSED');
  });
}
