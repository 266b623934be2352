import { once } from 'node:events';
import { connect } from 'node:http2';
import {
  Client,
  credentials,
  type MethodDefinition,
  Server,
  ServerCredentials,
  type ServerDuplexStream,
  ServerInterceptingCall,
  type ServerOptions,
  type ServerReadableStream,
  type ServerUnaryCall,
  type ServerWritableStream,
  type ServiceDefinition,
  type StatusObject,
  type sendUnaryData,
} from '@grpc/grpc-js';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { Arrivals } from '../../../lib/in-flight/arrivals.js';
import { GrpcCalls } from '../../../lib/in-flight/grpc-calls.js';
import { keepHealthWatches } from '../../../lib/service/grpc/health-sources.js';
import { eventually } from '../../support/eventually.js';
import { ManualClock, watched } from '../fixtures/manual-clock.js';

const bytes = (value: Buffer) => value;

function rpc(path: string, requestStream = false, responseStream = false): MethodDefinition<Buffer, Buffer> {
  return {
    path,
    requestStream,
    responseStream,
    requestSerialize: bytes,
    requestDeserialize: bytes,
    responseSerialize: bytes,
    responseDeserialize: bytes,
  };
}

const ECHO = {
  Unary: rpc('/acme.Echo/Unary'),
  Count: rpc('/acme.Echo/Count', false, true),
  Gather: rpc('/acme.Echo/Gather', true, false),
  Converse: rpc('/acme.Echo/Converse', true, true),
} satisfies ServiceDefinition;

const HEALTH = {
  Check: rpc('/grpc.health.v1.Health/Check'),
  Watch: rpc('/grpc.health.v1.Health/Watch', false, true),
} satisfies ServiceDefinition;

const REFLECTION = {
  ServerReflectionInfo: rpc('/grpc.reflection.v1alpha.ServerReflection/ServerReflectionInfo', true, true),
} satisfies ServiceDefinition;

const SOME = Buffer.from('some');
/** More than a connection holds for a client that does not read. */
const MUCH = Buffer.alloc(3 * 1024 * 1024);

type Unary = (call: ServerUnaryCall<Buffer, Buffer>, answer: sendUnaryData<Buffer>) => void;
type Gather = (call: ServerReadableStream<Buffer, Buffer>, answer: sendUnaryData<Buffer>) => void;
type Writable = ServerWritableStream<Buffer, Buffer>;
type Duplex = ServerDuplexStream<Buffer, Buffer>;

describe.each<[name: string, options: ServerOptions]>([
  ['with channelz', {}],
  ['without channelz', { 'grpc.enable_channelz': 0 }],
])('the calls of a grpc-js server %s', (_name, options) => {
  const hasChannelz = options['grpc.enable_channelz'] !== 0;
  let clock: ManualClock;
  let arrivals: Arrivals;
  let calls: GrpcCalls;
  let server: Server;
  let client: Client;
  let port: number;

  /** What the handlers do; a test replaces them. */
  let unary: Unary;
  let gather: Gather;
  let count: (call: Writable) => void;
  let converse: (call: Duplex) => void;
  /** The calls that handlers have got. */
  let got: (Writable | Duplex | Parameters<Unary>[0] | Parameters<Gather>[0])[];

  async function start(more: ServerOptions = {}): Promise<void> {
    server = new Server({ ...options, ...more });
    calls = new GrpcCalls(arrivals);
    calls.follow(server);
    const seen = <Call extends (typeof got)[number]>(call: Call) => {
      got.push(call);
      return call;
    };
    server.addService(ECHO, {
      Unary: (call: Parameters<Unary>[0], answer: sendUnaryData<Buffer>) => unary(seen(call), answer),
      Count: (call: Writable) => count(seen(call)),
      Gather: (call: Parameters<Gather>[0], answer: sendUnaryData<Buffer>) => gather(seen(call), answer),
      Converse: (call: Duplex) => converse(seen(call)),
    });
    server.addService(HEALTH, {
      Check: (_call: unknown, answer: sendUnaryData<Buffer>) => answer(null, SOME),
      Watch: (call: Writable) => seen(call).write(SOME),
    });
    server.addService(REFLECTION, { ServerReflectionInfo: (call: Duplex) => seen(call).resume() });
    port = await new Promise((resolve, reject) => {
      server.bindAsync('127.0.0.1:0', ServerCredentials.createInsecure(), (error, bound) =>
        error ? reject(error) : resolve(bound),
      );
    });
    client = new Client(`127.0.0.1:${port}`, credentials.createInsecure());
  }

  beforeEach(() => {
    clock = new ManualClock();
    arrivals = new Arrivals(clock);
    got = [];
    unary = (_call, answer) => answer(null, SOME);
    gather = (call, answer) => call.resume().once('end', () => answer(null, SOME));
    count = (call) => call.write(SOME);
    converse = (call) => void call.resume().once('end', () => call.end());
  });

  afterEach(() => {
    client.close();
    server.forceShutdown();
  });

  /** Makes a unary call, and resolves to its status code. */
  function ask({ path } = ECHO.Unary, deadline?: number) {
    let cancel = () => {};
    const code = new Promise<number>((resolve) => {
      const more = deadline === undefined ? {} : { deadline };
      const call = client.makeUnaryRequest(path, bytes, bytes, SOME, more, (error) => {
        resolve(error ? error.code : 0);
      });
      cancel = () => call.cancel();
    });
    return { code, cancel };
  }

  function watch({ path } = ECHO.Count) {
    const call = client.makeServerStreamRequest(path, bytes, bytes, SOME);
    return { call, ...statusOf(call) };
  }

  function talk({ path } = ECHO.Converse) {
    const call = client.makeBidiStreamRequest(path, bytes, bytes);
    call.write(SOME);
    return { call, ...statusOf(call) };
  }

  function statusOf(call: NodeJS.EventEmitter & { resume(): void }) {
    call.on('error', () => {});
    const code = new Promise<number>((resolve) => {
      call.once('status', (status: StatusObject) => resolve(status.code));
    });
    return { code };
  }

  const none = () => eventually(() => calls.count === 0);
  const callers = () => arrivals.lastMinute().calls;

  it('are none at first', async () => {
    await start();
    expect([calls.count, calls.methods, callers()]).toEqual([0, [], 0]);
  });

  it('count from their beginning to their end', async () => {
    await start();
    let answer: sendUnaryData<Buffer> = () => {};
    unary = (_call, callback) => (answer = callback);
    const [unaryCall, stream, bidi] = [ask(), watch(), talk()];
    await eventually(() => got.length === 3);
    expect(calls.count).toBe(3);
    expect(calls.methods).toEqual(['/acme.Echo/Converse', '/acme.Echo/Count', '/acme.Echo/Unary']);
    expect(callers()).toBe(3);
    answer(null, SOME);
    await expect(unaryCall.code).resolves.toBe(0);
    await eventually(() => calls.count === 2);
    stream.call.resume();
    got.find((call) => call.getPath() === ECHO.Count.path)?.emit('error', { code: 9, details: 'no more' });
    await expect(stream.code).resolves.toBe(9);
    bidi.call.end();
    bidi.call.resume();
    await expect(bidi.code).resolves.toBe(0);
    await none();
    expect(calls.methods).toEqual([]);
  });

  it('end when a client cancels, whatever their handlers do', async () => {
    await start();
    unary = () => {};
    gather = () => {};
    converse = () => {};
    const all = [ask(), watch(), talk()] as const;
    const sent = client.makeClientStreamRequest(ECHO.Gather.path, bytes, bytes, () => {});
    await eventually(() => got.length === 4);
    expect(calls.count).toBe(4);
    all[0].cancel();
    all[1].call.cancel();
    all[2].call.cancel();
    sent.cancel();
    await none();
  });

  it('end at their deadline, whatever their handlers do', async () => {
    await start();
    unary = () => {};
    await expect(ask(ECHO.Unary, Date.now() + 50).code).resolves.toBe(4);
    await none();
  });

  it('end if a handler throws', async () => {
    await start();
    const thrown = () => {
      throw new Error('not today');
    };
    unary = thrown;
    count = thrown;
    converse = thrown;
    const [stream, bidi] = [watch(), talk()];
    stream.call.resume();
    bidi.call.resume();
    await expect(Promise.all([ask().code, stream.code, bidi.code])).resolves.toEqual([2, 2, 2]);
    await none();
  });

  it('count until a slow reader has got the answer of a client stream', async () => {
    await start();
    gather = (_call, answer) => answer(null, MUCH);
    const session = connect(`http://127.0.0.1:${port}`);
    try {
      const headers = { ':method': 'POST', ':path': ECHO.Gather.path, 'content-type': 'application/grpc' };
      const stream = session.request({ ...headers, te: 'trailers' });
      await once(stream, 'response');
      await settled();
      expect(calls.count).toBe(1);
      stream.resume();
      stream.end();
      await once(stream, 'close');
      await none();
    } finally {
      session.destroy();
    }
  });

  it('count before their handler runs', async () => {
    let release = () => {};
    const asked = new Promise<void>((resolve) => {
      release = resolve;
    });
    let arrived = () => {};
    const arrival = new Promise<void>((resolve) => {
      arrived = resolve;
    });
    const interceptor: NonNullable<ServerOptions['interceptors']>[number] = (_method, call) =>
      new ServerInterceptingCall(call, {
        start: (next) =>
          next({
            onReceiveHalfClose: (more) => {
              arrived();
              void asked.then(more);
            },
          }),
      });
    await start({ interceptors: [interceptor] });
    const { code, cancel } = ask();
    await arrival;
    // Without channelz, grpc-js has nothing to tell until a handler has the call.
    expect(calls.count).toBe(hasChannelz ? 1 : 0);
    cancel();
    await expect(code).resolves.toBe(1);
    await none();
    release();
    await settled();
    if (hasChannelz) expect(got).toHaveLength(1);
    await none();
  });

  it('of unknown methods and other kinds of requests end at once', async () => {
    await start();
    await expect(ask(rpc('/acme.Echo/None')).code).resolves.toBe(12);
    const session = connect(`http://127.0.0.1:${port}`);
    const stream = session.request({
      ':method': 'POST',
      ':path': ECHO.Unary.path,
      'content-type': 'text/plain',
    });
    stream.resume().end();
    await once(stream, 'close');
    session.destroy();
    await none();
    await expect(ask().code).resolves.toBe(0);
    await none();
  });

  describe('of probes', () => {
    it('are no arrivals', async () => {
      await start();
      await expect(ask(HEALTH.Check).code).resolves.toBe(0);
      watch(HEALTH.Watch).call.resume();
      talk(REFLECTION.ServerReflectionInfo).call.resume();
      await eventually(() => got.length === 2);
      expect(callers()).toBe(0);
      await expect(ask().code).resolves.toBe(0);
      expect(callers()).toBe(1);
    });

    it('hold nothing up if they never end, and are ended on request', async () => {
      await start();
      unary = () => {};
      ask();
      const watches = [watch(HEALTH.Watch), talk(REFLECTION.ServerReflectionInfo)];
      for (const { call } of watches) call.resume();
      await eventually(() => got.length === 3);
      expect(calls.count).toBe(1);
      expect(calls.methods).toEqual(['/acme.Echo/Unary']);
      calls.endEndless();
      await expect(Promise.all(watches.map(({ code }) => code))).resolves.toEqual([14, 14]);
      await settled();
      expect(calls.count).toBe(1);
    });

    it('are left to a health service that ends its watches itself, up to the bound', async () => {
      await start();
      keepHealthWatches(server);
      const watches = [watch(HEALTH.Watch), talk(REFLECTION.ServerReflectionInfo)];
      const ends = watches.map(({ code }) => watched(code));
      for (const { call } of watches) call.resume();
      await eventually(() => got.length === 2);
      calls.endEndless();
      await expect(watches[1]?.code).resolves.toBe(14);
      expect([ends[0]?.settled, calls.count]).toEqual([false, 0]);
      calls.endAll();
      await expect(watches[0]?.code).resolves.toBe(14);
    });
  });

  describe('ended by the server', () => {
    it('are answered UNAVAILABLE, and their handlers may go on', async () => {
      await start();
      const answers: sendUnaryData<Buffer>[] = [];
      unary = (_call, answer) => answers.push(answer);
      gather = (_call, answer) => answers.push(answer);
      const code = new Promise<number | undefined>((resolve) => {
        const sent = client.makeClientStreamRequest(ECHO.Gather.path, bytes, bytes, (error) =>
          resolve(error?.code),
        );
        sent.write(SOME);
      });
      const streams = [watch(), talk()] as const;
      for (const { call } of streams) call.resume();
      const all = [ask().code, code, streams[0].code, streams[1].code];
      await eventually(() => got.length === 4);
      calls.endAll();
      calls.endAll();
      for (const call of got) {
        if ('write' in call) {
          call.write(SOME);
          call.emit('error', { code: 13, details: 'of the handler' });
          call.end();
        }
      }
      for (const answer of answers) {
        answer(null, SOME);
        answer({ code: 13, details: 'of the handler' });
      }
      await expect(Promise.all(all)).resolves.toEqual([14, 14, 14, 14]);
      await none();
    });

    it('let a server shut down by itself', async () => {
      await start();
      const { call, code } = watch();
      call.resume();
      await eventually(() => got.length === 1);
      const shutdown = new Promise((resolve) => server.tryShutdown(resolve));
      expect(calls.count).toBe(1);
      calls.endAll();
      await expect(Promise.all([shutdown, code])).resolves.toEqual([undefined, 14]);
      expect(calls.count).toBe(0);
    });
  });

  /** Lets every connection do what it has to do: a call after all others has been answered. */
  async function settled(): Promise<void> {
    const before = unary;
    unary = (_call, answer) => answer(null, SOME);
    await ask().code;
    unary = before;
    if (hasChannelz) return;
    await new Promise(setImmediate);
  }
});
