import { ServerGrpc, ServerTCP } from '@nestjs/microservices';
import { describe, expect, it } from '@jest/globals';
import { type Observable, Subject } from 'rxjs';
import { countMessages } from '../../../lib/in-flight/counted-messages.js';
import { InFlightCalls } from '../../../lib/in-flight/in-flight-calls.js';
import { SystemClock } from '../../../lib/support/timing/sidecar-clock.js';

describe('countMessages', () => {
  it('leaves a gRPC server as it is: its calls are counted elsewhere', () => {
    const server = new ServerGrpc({ package: 'none', protoPath: 'none.proto' });
    countMessages(server, new InFlightCalls(new SystemClock()));
    expect(Object.hasOwn(server, 'addHandler')).toBe(false);
  });

  it('counts a message until its answer is sent', async () => {
    const calls = new InFlightCalls(new SystemClock());
    const server = new ServerTCP({});
    countMessages(server, calls);
    server.addHandler('greet', (name: string) => Promise.resolve(`hello ${name}`));
    const answer = server.getHandlerByPattern('greet')?.('you');
    expect(calls.count).toBe(1);
    await expect(answer).resolves.toBe('hello you');
    // Nest sends the answer in the tick after the handler is done.
    expect(calls.count).toBe(1);
    await new Promise(setImmediate);
    expect([calls.count, calls.arrivals.lastMinute().calls]).toEqual([0, 0]);
  });

  it('counts a message whose answer is a stream until the stream ends', async () => {
    const calls = new InFlightCalls(new SystemClock());
    const server = new ServerTCP({});
    countMessages(server, calls);
    const answers = new Subject<string>();
    server.addHandler('count', () => Promise.resolve(answers));
    const stream = (await server.getHandlerByPattern('count')?.('you')) as Observable<string>;
    const heard: string[] = [];
    stream.subscribe((text) => heard.push(text));
    answers.next('one');
    await new Promise(setImmediate);
    expect([heard, calls.count]).toEqual([['one'], 1]);
    answers.complete();
    await new Promise(setImmediate);
    expect(calls.count).toBe(0);
  });

  it.each([
    ['throws', () => thrown()],
    ['rejects', () => Promise.reject(new Error('no stamp'))],
  ])('a message is over if its handler %s', async (_how, handler) => {
    const calls = new InFlightCalls(new SystemClock());
    const server = new ServerTCP({});
    countMessages(server, calls);
    server.addHandler('refuse', handler);
    await expect(server.getHandlerByPattern('refuse')?.('you')).rejects.toThrow('no stamp');
    await new Promise(setImmediate);
    expect(calls.count).toBe(0);
  });
});

function thrown(): never {
  throw new Error('no stamp');
}
