// A greeter under runSidecarApp in a process of its own: the built package as a user has it, and
// decorators written out. Every greeting needs a pool, which is closed in onModuleDestroy, the
// first of Nest's shutdown hooks.
import { join } from 'node:path';
import { exit } from 'node:process';
import { createInterface } from 'node:readline';
import { Controller, Module } from '@nestjs/common';
import { ModulesContainer, NestFactory } from '@nestjs/core';
import { GrpcMethod, Transport } from '@nestjs/microservices';
import { AgentRunError, runSidecarApp, SidecarAgent } from 'nestjs-sidecar-agent';
import { firstValueFrom, Subject } from 'rxjs';

const settings = JSON.parse(process.env.SETTINGS);
const before = { exit: process.exit, kill: process.kill };
for (const event of settings.listens ?? []) {
  process.on(event, (thrown) => console.log(`OWN LISTENER of ${event}: ${thrown.message}`));
}
// As the documentation of OpenTelemetry has it, and without the wait.
const sdk = { shutdown: () => new Promise((resolve) => globalThis.setTimeout(resolve, 50)) };
if (settings.exits === 'later') process.on('SIGTERM', () => sdk.shutdown().finally(() => process.exit(7)));
if (settings.exits === 'at once') process.on('SIGTERM', () => process.exit(7));
const { SidecarAgentModule } = await import(settings.package ?? 'nestjs-sidecar-agent');
const grpc = {
  package: 'acme.greeter.v1',
  protoPath: join(import.meta.dirname, '../../support/greeter.proto'),
  url: `127.0.0.1:${settings.port}`,
  ...settings.grpc,
};
const fails = (where) => {
  if (settings.fails?.includes(where)) throw new Error(`${where} fails`);
};

class GreeterController {
  released = new Subject();
  pool = true;

  async greet({ name }) {
    if (name === 'hold') await firstValueFrom(this.released);
    if (name === 'release') this.released.next();
    if (!this.pool) throw new Error('the pool is closed');
    return { text: `hello ${name}` };
  }

  async onModuleInit() {
    if (settings.hangs === 'init') {
      console.log('INIT HANGS');
      // Something that is open, as whatever hangs there has: a process with nothing open ends.
      await new Promise(() => globalThis.setInterval(() => {}, 1_000));
    }
    fails('init');
  }

  async onModuleDestroy() {
    this.pool = false;
    console.log('POOL CLOSED');
    if (settings.hangs === 'destroy') await new Promise(() => {});
  }

  onApplicationShutdown(signal) {
    console.log(`APPLICATION SHUT DOWN (${signal})`);
  }
}
const descriptor = Object.getOwnPropertyDescriptor(GreeterController.prototype, 'greet');
GrpcMethod('Greeter', 'Greet')(GreeterController.prototype, 'greet', descriptor);
Controller()(GreeterController);

const sidecar = (more) =>
  SidecarAgentModule.forRoot({
    app: { id: '10001', name: 'greeter-center', env: 'test', version: 'v1.3.4' },
    service: { name: 'greeter' },
    grpc: settings.sidecar?.protocol === 'http' ? undefined : grpc,
    reconnectInterval: 20,
    maxReconnectInterval: 80,
    drainDelay: 0,
    ...settings.sidecar,
    ...more,
  });

class AppModule {}
const modules = (settings.modules ?? [{}]).map(sidecar);
Module({ controllers: [GreeterController], imports: modules })(AppModule);

const nest = { abortOnError: false };
const microservice = { transport: Transport.GRPC, options: grpc, ...nest };

let app;
/** Nest 11 has no public way to them but this. The gRPC server is the first. */
function transportServers() {
  const found = [];
  const servers = app.get(ModulesContainer).getRpcTargetRegistry();
  servers.subscribe((each) => found.push(each)).unsubscribe();
  return found;
}

async function makeApp() {
  fails('factory');
  const isHybrid = settings.shape !== 'microservice';
  app = isHybrid
    ? await NestFactory.create(AppModule, nest)
    : await NestFactory.createMicroservice(AppModule, microservice);
  if (settings.shape === 'hybrid') app.connectMicroservice(microservice);
  if (settings.tcp) app.connectMicroservice({ transport: Transport.TCP, options: { port: 0 } });
  const closable = isHybrid ? app.getHttpAdapter() : transportServers()[0];
  const close = closable.close.bind(closable);
  closable.close = () => close().then(() => fails('close'));
  if (settings.hooks) app.enableShutdownHooks();
  return app;
}

const abort = new globalThis.AbortController();
const orders = {
  abort: () => abort.abort(),
  close: () =>
    app.close().then(
      () => console.log('CLOSED BY HAND'),
      (error) => console.log(`CLOSE FAILED: ${error.message}`),
    ),
  'close tcp': async () => {
    await transportServers()[1].close();
    console.log('the TCP server is closed');
  },
  throw: () => {
    globalThis.setTimeout(() => {
      throw new Error('boom');
    });
  },
  reject: () => void Promise.reject(new Error('boom')),
  'exit 3': () => {
    process.exit(3);
    console.log('EXIT RETURNED');
  },
  'imported exit 4': () => {
    exit(4);
    console.log('EXIT RETURNED');
  },
  'kill itself': () => {
    process.kill(process.pid, 'SIGUSR2');
    console.log('KILL RETURNED');
  },
  'shutdown, exit 3': () => {
    void app.get(SidecarAgent).shutdown();
    process.exit(3);
  },
  'kill grpc': () => transportServers()[0].grpcClient.forceShutdown(),
  'kill http': () => app.getHttpServer().close(),
};
const input = createInterface({ input: process.stdin }).on('line', (line) => orders[line]());
// A test that has gone must not leave us behind; the input itself keeps no process alive.
input.on('close', () => process.exit(99));
process.stdin.unref();

if (settings.aborted) abort.abort();
const run = { abortSignal: abort.signal, ...settings.run };
if (settings.listen === 'function') run.listen = (it) => it.listen(0, '127.0.0.1');
if (settings.listen?.startsWith('/')) run.listen = (it) => it.listen(settings.listen);
process.on('exit', () => {
  const listeners = ['SIGTERM', 'SIGINT', 'SIGHUP'].map((signal) => process.listenerCount(signal));
  console.log(`LISTENERS ${listeners.join(' ')}`);
  const isRestored = process.exit === before.exit && process.kill === before.kill && exit === before.exit;
  const others = ['uncaughtException', 'uncaughtExceptionMonitor', 'unhandledRejection', 'message'];
  const counts = others.map(
    (event) => process.listenerCount(event) - (settings.listens?.includes(event) ? 1 : 0),
  );
  console.log(`RESTORED ${isRestored} ${counts.join(' ')}`);
});
if (settings.plain) {
  await makeApp();
  app.enableShutdownHooks([], { useProcessExit: true });
  await app.listen();
} else {
  await runManaged();
}

async function runManaged() {
  try {
    await runSidecarApp(settings.source === 'value' ? await makeApp() : makeApp, run);
    console.log('RUN ENDED');
  } catch (error) {
    const { name, stage, kind, message, suppressed } = error;
    const cause = error.cause?.message;
    const errors = error.cause?.errors?.map((each) => each.kind);
    const later = suppressed?.map((failure) => [failure.stage, failure.cause.message]);
    console.log(`RUN FAILED ${JSON.stringify({ name, stage, kind, message, cause, errors, later })}`);
    if (!(error instanceof AgentRunError)) console.log('NOT AN AgentRunError');
    throw error;
  }
}
