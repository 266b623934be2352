// Listens with the shortest queue there is, never accepts, and fills the queue by itself.
import { once } from 'node:events';
import { connect, createServer } from 'node:net';
import { setImmediate } from 'node:timers';
import { isMainThread, parentPort, Worker } from 'node:worker_threads';

if (isMainThread) {
  const [port] = await once(new Worker(new URL(import.meta.url)), 'message');
  const first = connect(port, '127.0.0.1');
  await once(first, 'connect');
  // More than the queue takes, and in the kernel before any connection that is opened once FULL is
  // said.
  for (let more = 0; more < 7; more += 1) connect(port, '127.0.0.1').on('error', () => {});
  setImmediate(() => console.log(`FULL ${port}`));
  process.stdin.resume().once('end', () => process.exit());
} else {
  const server = createServer();
  server.listen({ port: 0, host: '127.0.0.1', backlog: 1 }, () => {
    parentPort.postMessage(server.address().port);
    Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0);
  });
}
