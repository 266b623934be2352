import { once } from 'node:events';
import { createServer, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { heartbeats } from '../support/frames.js';
import { serve } from './serve.js';

// The smallest agent, so that its own work does not hide what is measured.
const ANSWER = JSON.stringify({
  success: true,
  code: 'register_ok',
  message: 'service registered',
  data: { instance_id: 'bench-1', state: 'Registered' },
  generated_at: '2026-11-21T20:05:29Z',
});
const CONNECTED = 'id: 1\nevent: connected\ndata: {"event":"connected","message":"","ready":true}\n\n';
const streams = new Set<ServerResponse>();
/** The number of registers after whose answer the streams are still to be dropped. */
let dropping = 0;

const server = createServer({ keepAliveTimeout: 0 }, (request, response) => {
  if (request.method === 'GET') {
    response.writeHead(200, { 'content-type': 'text/event-stream', 'cache-control': 'no-cache' });
    response.write(CONNECTED);
    streams.add(response);
    response.once('close', () => streams.delete(response));
    return;
  }
  request.resume().once('end', () => {
    response.writeHead(200, { 'content-type': 'application/json', 'content-length': ANSWER.length });
    response.end(ANSWER);
    if (dropping > 0 && request.url === '/register') {
      dropping -= 1;
      // The answer must arrive first.
      setImmediate(drop);
    }
  });
});
server.listen(0, '127.0.0.1');
await once(server, 'listening');

const prepared = new Map<number, Buffer[]>();

serve({
  url: () => `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
  drop,
  /** Drops the streams now, and after each of the next `times` registers. */
  dropAfterRegister: (times: number) => {
    dropping = times;
    drop();
  },
  prepare: (events: number) => void prepared.set(events, heartbeats(events)),
  /** Writes a number of heartbeats to every stream, as fast as they are read. */
  flood: async (events: number) => {
    const chunks = prepared.get(events) ?? [];
    for (const stream of streams) {
      for (const chunk of chunks) if (!stream.write(chunk)) await once(stream, 'drain');
    }
  },
});

function drop(): void {
  for (const stream of streams) stream.destroy();
}
