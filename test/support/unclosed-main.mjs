// An application of the built package in a process of its own: what keeps that process alive?
import { once } from 'node:events';
import { createServer, Server } from 'node:net';
import { clearInterval, setImmediate, setInterval } from 'node:timers';
import { Module } from '@nestjs/common';
import { NestFactory } from '@nestjs/core';
import { Transport } from '@nestjs/microservices';
import { runSidecarApp, SidecarAgent, SidecarAgentModule, SidecarClient } from 'nestjs-sidecar-agent';

const { end, port, sidecar, shape = 'context' } = JSON.parse(process.env.SETTINGS ?? '{}');
const grpc = {
  package: 'acme.greeter.v1',
  protoPath: `${import.meta.dirname}/greeter.proto`,
  url: `127.0.0.1:${port}`,
};

/** Never lets the application close, if the test says so. */
class Stuck {
  onModuleDestroy() {
    return end === 'a hook that never ends' ? new Promise(() => {}) : undefined;
  }
}

class AppModule {}
Module({
  providers: [Stuck],
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
} else if (end === 'waitForRegistration') {
  // Servers do not keep the process alive, as if other code had called unref() of each.
  const { listen } = Server.prototype;
  Server.prototype.listen = function (...args) {
    return listen.apply(this, args).unref();
  };
  await app.listen();
} else {
  await app.init();
  const own = createServer();
  if (end === 'own server closed first') await alive(once(own.listen(0, '127.0.0.1'), 'listening'));
  if (shape === 'http') await app.listen(0, '127.0.0.1');
  else await alive(agent.start());
  // The test lets the application go by ending our input.
  if (end === 'none') await once(process.stdin.resume(), 'end');
  else await alive(agent.registered());
  if (end === 'app.close()') await app.close();
  if (end === 'shutdown()') await agent.shutdown();
  if (end === 'drain() and deregister()') {
    await agent.drain();
    await agent.deregister();
  }
  if (end === 'calls of SidecarClient') {
    const { app: id, service, serverPort } = agent.node;
    const who = {
      appId: id.id,
      appInstanceId: id.instanceId,
      serviceName: service.name,
      servicePort: serverPort,
    };
    await app.get(SidecarClient).drain({ ...who, gracePeriod: 1_000 });
    await app.get(SidecarClient).deregister(who);
  }
  if (end === 'own server closed first') {
    own.close();
    await once(own, 'close');
    await app.close();
  }
  if (end === 'process.exit(3)') {
    void app.close();
    await new Promise((resolve) => setImmediate(resolve));
    process.exit(3);
  }
  if (end === 'a crash') {
    const fail = () => {
      throw new Error('the application fails');
    };
    await runSidecarApp(app, { listen: () => void setImmediate(fail) });
  }
  if (end === 'a hook that never ends') {
    const stop = () => process.emit('SIGTERM', 'SIGTERM');
    await runSidecarApp(app, { listen: () => void setImmediate(stop), closeTimeout: 500 });
  }
  if (end === 'work in flight') {
    agent.beacon();
    await app.close();
  }
}
console.log('END');
