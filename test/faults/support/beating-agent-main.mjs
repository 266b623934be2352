// A small agent over node:http. Its input is its orders: the name of an event, or `answer`.
import { createServer } from 'node:http';
import { createInterface } from 'node:readline';
import { setInterval } from 'node:timers';

const { beat, first = 'connected', held = [] } = JSON.parse(process.env.SETTINGS ?? '{}');
const streams = new Set();
const waiting = [];

const frame = (event) => `event: ${event}\ndata: ok\n\n`;
const say = (event) => {
  for (const stream of streams) stream.write(frame(event));
};

const server = createServer((request, response) => {
  const answer = () => {
    if (request.url !== '/watch') {
      response.setHeader('content-type', 'application/json').end('{"success":true,"code":"ok"}');
      return;
    }
    response.writeHead(200, { 'content-type': 'text/event-stream' });
    response.write(frame(first));
    streams.add(response);
    response.once('close', () => streams.delete(response));
  };
  request.resume().once('end', () => {
    if (held.includes(request.url)) waiting.push(answer);
    else answer();
    console.log(`SEEN ${request.url}`);
  });
});

server.listen(0, '127.0.0.1', () => console.log(`PORT ${server.address().port}`));
if (beat) setInterval(() => say('heartbeat'), beat);
createInterface({ input: process.stdin })
  .on('line', (order) => {
    if (order !== 'answer') return say(order);
    for (const answer of waiting.splice(0)) answer();
  })
  .once('close', () => process.exit());
