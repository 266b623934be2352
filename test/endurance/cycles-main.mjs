// The module through many reconnects, in a process of its own: an agent that drops the stream after
// each register. Usage: node --expose-gc cycles-main.mjs CYCLES ; prints one line of JSON per
// sample, and one when all is closed.
import { once } from 'node:events';
import { createServer } from 'node:http';
import { setImmediate as turn } from 'node:timers/promises';
import { Module } from '@nestjs/common';
import { NestFactory } from '@nestjs/core';
import { SidecarAgent, SidecarAgentModule } from 'nestjs-sidecar-agent';

const cycles = Number(process.argv[2]);
const EVERY = 1_000;
// Where they are pipes, the standard streams count as handles from their first use on.
for (const stream of [process.stdout, process.stderr]) stream.write('');
const before = process.getActiveResourcesInfo();

let stream;
let registers = 0;
let done = () => {};
const finished = new Promise((resolve) => {
  done = resolve;
});

const agent = createServer((request, response) => {
  if (request.url === '/watch') {
    stream = response;
    response.writeHead(200, { 'content-type': 'text/event-stream' });
    response.write('event: connected\ndata: ok\n\n');
    return;
  }
  request.resume().on('end', () => {
    response.end('{"success":true,"code":"ok","message":"","data":{}}');
    if (request.url !== '/register') return;
    registers += 1;
    if (registers % EVERY === 0) sample();
    if (registers < cycles) stream.destroy();
    else done();
  });
});
agent.listen(0, '127.0.0.1');
await once(agent, 'listening');

class AppModule {}
Module({
  imports: [
    SidecarAgentModule.forRoot({
      app: { id: '1', name: 'a', env: 'e', version: 'v' },
      service: { name: 's' },
      serverPort: 1,
      methods: ['/s.S/M'],
      baseUrl: `http://127.0.0.1:${agent.address().port}`,
      reconnectInterval: 1,
      maxReconnectInterval: 1,
      drainDelay: 0,
    }),
  ],
})(AppModule);
const app = await NestFactory.createApplicationContext(AppModule, { logger: false });
const sidecar = app.get(SidecarAgent);
await sidecar.start();
await finished;
await sidecar.registered();
const { disconnectCount, registerReplayCount } = sidecar.status();
await app.close();
agent.closeAllConnections();
agent.close();
await once(agent, 'close');
await turn();
await turn();
const left = process.getActiveResourcesInfo();
for (const kind of before) if (left.includes(kind)) left.splice(left.indexOf(kind), 1);
console.log(JSON.stringify({ disconnectCount, registerReplayCount, left }));

function sample() {
  globalThis.gc();
  const kinds = process.getActiveResourcesInfo();
  const listeners = process.eventNames().reduce((sum, name) => sum + process.listenerCount(name), 0);
  console.log(
    JSON.stringify({
      registers,
      heap: process.memoryUsage().heapUsed,
      sockets: kinds.filter((kind) => kind.startsWith('TCP')).length,
      timers: kinds.filter((kind) => kind === 'Timeout').length,
      listeners,
    }),
  );
}
