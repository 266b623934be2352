// A process that has no file descriptor left when the module loads what it loads late: the built
// package as a user has it.
import { closeSync, openSync } from 'node:fs';
import { clearInterval, setInterval } from 'node:timers';
import { NestFactory } from '@nestjs/core';
import { SidecarAgentModule, SidecarClient, WatchService } from 'nestjs-sidecar-agent';
import { filter, firstValueFrom } from 'rxjs';

const module = SidecarAgentModule.forRoot({
  app: { id: '10001', name: 'greeter-center', env: 'test', version: 'v1.3.4' },
  service: { name: 'greeter' },
  serverPort: 10500,
  methods: ['/acme.greeter.v1.Greeter/Greet'],
  baseUrl: process.env.AGENT,
  reconnectInterval: 20,
});
class AppModule {}
const app = await NestFactory.createApplicationContext(
  { module: AppModule, imports: [module] },
  { logger: false },
);
const [client, watch] = [app.get(SidecarClient), app.get(WatchService)];
const who = { appId: '10001', appInstanceId: 'one', serviceName: 'greeter', servicePort: 10500 };
const next = (type) => firstValueFrom(watch.events$.pipe(filter((event) => event.type === type)));

// Nothing of the module keeps the process alive.
const alive = setInterval(() => {}, 1_000);
const held = [];
try {
  for (;;) held.push(openSync('/dev/null'));
} catch {
  // None is left.
}
const told = { call: await client.deregister(who).catch((error) => error.message) };
const dropped = next('disconnected');
watch.start();
told.watch = (await dropped).error.message;
for (const file of held) closeSync(file);

const connected = next('connected');
told.later = { call: (await client.deregister(who)).code, watch: (await connected).type };
watch.stop();
await client.close();
clearInterval(alive);
console.log(JSON.stringify(told));
