// An application of the built package in a process of its own: what keeps that process alive?
import { once } from 'node:events';
import { createServer } from 'node:net';
import { clearInterval, setInterval } from 'node:timers';
import { Module } from '@nestjs/common';
import { NestFactory } from '@nestjs/core';
import { Transport } from '@nestjs/microservices';
import { SidecarAgent, SidecarAgentModule } from 'nestjs-sidecar-agent';

const { end, port, sidecar, shape = 'context' } = JSON.parse(process.env.SETTINGS ?? '{}');
const grpc = {
  package: 'acme.greeter.v1',
  protoPath: `${import.meta.dirname}/greeter.proto`,
  url: `127.0.0.1:${port}`,
};

class AppModule {}
Module({
  imports: [
    SidecarAgentModule.forRoot({
      app: { id: '10001', name: 'greeter-center', env: 'test', version: 'v1.3.4' },
      service: { name: 'greeter' },
      ...(shape === 'http' ? { protocol: 'http' } : { methods: ['/acme.greeter.v1.Greeter/Greet'] }),
      ...(shape !== 'http' && { serverPort: port }),
      ...sidecar,
    }),
  ],
})(AppModule);

/** Keeps the process alive until a promise settles. */
async function alive(promise) {
  const timer = setInterval(() => {}, 1_000);
  try {
    return await promise;
  } finally {
    clearInterval(timer);
  }
}

const app =
  shape === 'microservice'
    ? await NestFactory.createMicroservice(AppModule, { transport: Transport.GRPC, options: grpc })
    : await NestFactory.create(AppModule);
const agent = app.get(SidecarAgent);

if (end === 'port taken') {
  try {
    await app.listen(port, '127.0.0.1');
  } catch (thrown) {
    console.log('REFUSED', thrown.code ?? thrown.message);
  }
} else {
  await app.init();
  const own = createServer();
  if (end === 'own server closed first') await alive(once(own.listen(0, '127.0.0.1'), 'listening'));
  await alive(agent.start());
  // The test lets the application go by ending our input.
  if (end === 'none') await once(process.stdin.resume(), 'end');
  else await alive(agent.registered());
  if (end === 'app.close()') await app.close();
  if (end === 'shutdown()') await agent.shutdown();
  if (end === 'drain() and deregister()') {
    await agent.drain();
    await agent.deregister();
  }
  if (end === 'own server closed first') {
    own.close();
    await once(own, 'close');
    await app.close();
  }
  if (end === 'work in flight') {
    agent.beacon();
    await app.close();
  }
}
console.log('END');
