import { EventEmitter } from 'node:events';
import { describe, expect, it } from '@jest/globals';
import { MethodCalls } from '../../../lib/in-flight/method-calls.js';

const UNAVAILABLE = {
  code: 14,
  message: 'cancelled: the server is shutting down',
  details: 'cancelled: the server is shutting down',
};

/** A stream that grpc-js ends as soon as it gets an error. */
class OpenCall extends EventEmitter {
  readonly errors: unknown[] = [];

  constructor() {
    super();
    this.on('error', (error: unknown) => {
      this.errors.push(error);
      this.end();
    });
  }

  end(): void {
    this.emit('cancelled', 'cancelled');
  }
}

function begin(method: MethodCalls, count: number): OpenCall[] {
  const calls = Array.from({ length: count }, () => new OpenCall());
  for (const call of calls) method.begin(call, undefined);
  return calls;
}

describe('the calls of one gRPC method', () => {
  it.each([
    ['/acme.greeter.v1.Greeter/Greet', false, false],
    ['/acme.grpc.health.v1.Health/Watch', false, false],
    ['/grpc.health.v1.Health/Check', true, false],
    ['/grpc.health.v1.Health/Watch', true, true],
    ['/grpc.health.v2.Health/Watch', true, true],
    ['/grpc.reflection.v1.ServerReflection/ServerReflectionInfo', true, true],
    ['/grpc.reflection.v1alpha.ServerReflection/ServerReflectionInfo', true, true],
    ['/grpc.health.v1.Health/WatchAll', true, false],
    ['/grpc.channelz.v1.Channelz/GetServers', true, false],
  ])('%s: a probe %s, endless %s', (path, isProbe, isEndless) => {
    const method = new MethodCalls(path);
    expect([method.isProbe, method.isEndless]).toEqual([isProbe, isEndless]);
  });

  it.each([[[0, 1, 2]], [[0, 2, 1]], [[1, 0, 2]], [[1, 2, 0]], [[2, 0, 1]], [[2, 1, 0]]])(
    'end in the order %j: the others stay',
    (order) => {
      const method = new MethodCalls('/acme.greeter.v1.Greeter/Count');
      const calls = begin(method, 3);
      const open = new Set(calls);
      for (const index of order) {
        const call = calls[index];
        if (!call) throw new Error('there is no such call');
        call.end();
        open.delete(call);
        // grpc-js says it once; a second time would end no other call.
        call.end();
        expect(method.size).toBe(open.size);
      }
    },
  );

  it.each([0, 1, 2])('are refused UNAVAILABLE, each of those that are left without %i', (ended) => {
    const method = new MethodCalls('/acme.greeter.v1.Greeter/Count');
    const calls = begin(method, 4);
    calls[ended]?.end();
    method.refuseAll();
    expect(method.size).toBe(0);
    for (const [index, { errors }] of calls.entries()) {
      expect(errors).toEqual(index === ended ? [] : [expect.objectContaining(UNAVAILABLE)]);
    }
  });

  it('with a callback are refused through it', () => {
    const method = new MethodCalls('/acme.greeter.v1.Greeter/Greet');
    const call = new OpenCall();
    const answers: unknown[] = [];
    method.begin(call, (...answer: unknown[]) => answers.push(...answer));
    method.refuseAll();
    expect([answers, call.errors]).toEqual([[expect.objectContaining(UNAVAILABLE)], []]);
  });
});
