// A service whose listeners all throw, in a process of its own: one exception that nobody catches
// ends it.
import { Module } from '@nestjs/common';
import { NestFactory } from '@nestjs/core';
import { SidecarAgentModule, SidecarStatusService, WatchService } from 'nestjs-sidecar-agent';

const settings = JSON.parse(process.env.GREETER ?? '{}');

const THROWN = {
  'an Error': () => new Error('the listener fell over'),
  text: () => 'the listener fell over',
  nothing: () => undefined,
  'an object that has no text': () => Object.create(null),
};

function thrower() {
  throw THROWN[settings.thrown]();
}

async function rejecter() {
  await null;
  thrower();
}

const listener = settings.how === 'rejects' ? rejecter : thrower;

class AppModule {}
Module({
  imports: [
    SidecarAgentModule.forRoot({
      app: { id: '10001', name: 'greeter-center', env: 'test', version: 'v1.3.4' },
      service: { name: 'greeter' },
      protocol: 'http',
      serverPort: settings.port,
      reconnectInterval: 20,
      maxReconnectInterval: 80,
      drainDelay: 0,
      baseUrl: settings.baseUrl,
      onError: settings.who === 'onError' ? listener : undefined,
    }),
  ],
})(AppModule);

const app = await NestFactory.create(AppModule);
app.enableShutdownHooks([], { useProcessExit: true });
const told = { status$: app.get(SidecarStatusService).status$, events$: app.get(WatchService).events$ };
if (settings.who in told) {
  told[settings.who].subscribe(listener);
  told[settings.who].subscribe({ next: listener, error: listener, complete: listener });
  told[settings.who].subscribe(listener, listener, listener);
}
await app.listen(settings.port, '127.0.0.1');
