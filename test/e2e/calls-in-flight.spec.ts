import { once } from 'node:events';
import { connect } from 'node:http2';
import { join } from 'node:path';
import {
  Client,
  credentials,
  type sendUnaryData,
  type Server,
  type ServerReadableStream,
  type ServerWritableStream,
  type ServiceDefinition,
  status,
} from '@grpc/grpc-js';
import { loadSync } from '@grpc/proto-loader';
import { Controller, type INestMicroservice, Module } from '@nestjs/common';
import { ModulesContainer, NestFactory } from '@nestjs/core';
import {
  GrpcMethod,
  type GrpcOptions,
  GrpcStreamCall,
  GrpcStreamMethod,
  type MicroserviceOptions,
  type ServerGrpc,
  Transport,
} from '@nestjs/microservices';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { map, type Observable, tap } from 'rxjs';
import { InFlightCalls } from '../../lib/in-flight/in-flight-calls.js';
import { SidecarAgent, SidecarAgentModule } from '../../lib/index.js';
import { EmbeddedAgent } from '../../lib/testing/index.js';
import { eventually } from '../support/eventually.js';
import { freePort } from '../support/free-port.js';
import { greeterOptions } from '../support/greeter-app.js';
import { statusWhere } from '../support/status-where.js';
import { postedPaths } from '../support/posted-paths.js';

interface Page {
  text: string;
}

const protoPath = join(import.meta.dirname, '../support/archive.proto');
const { Read, Browse } = loadSync(protoPath)['acme.archive.v1.Archive'] as ServiceDefinition;

const bytes = (value: Buffer) => value;
const form = {
  requestSerialize: bytes,
  requestDeserialize: bytes,
  responseSerialize: bytes,
  responseDeserialize: bytes,
};
/** A service of health checks, written by hand. */
const HEALTH: ServiceDefinition = {
  Check: { path: '/grpc.health.v1.Health/Check', requestStream: false, responseStream: false, ...form },
  Watch: { path: '/grpc.health.v1.Health/Watch', requestStream: false, responseStream: true, ...form },
};
/** A service that Nest does not know. */
const CLOCK: ServiceDefinition = {
  Now: { path: '/acme.Clock/Now', requestStream: false, responseStream: false, ...form },
};
const NONE = Buffer.alloc(0);

/** More than a connection holds for a client that does not read. */
const LONG = 'x'.repeat(3 * 1024 * 1024);

/** What the requests of `Browse` failed with. */
const failures: unknown[] = [];

@Controller()
class ArchiveController {
  @GrpcStreamCall('Archive', 'Store')
  store(pages: ServerReadableStream<Page, Page>, answer: sendUnaryData<Page>): void {
    pages.resume().once('end', () => answer(null, { text: LONG }));
  }

  @GrpcMethod('Archive', 'Read')
  read(page: Page): Page {
    return page;
  }

  @GrpcStreamMethod('Archive', 'Browse')
  browse(pages: Observable<Page>): Observable<Page> {
    return pages.pipe(
      tap({ error: (failure: unknown) => failures.push(failure) }),
      map(({ text }) => ({ text: `read ${text}` })),
    );
  }
}

describe.each<[name: string, channelOptions: GrpcOptions['options']['channelOptions']]>([
  ['with channelz', {}],
  ['without channelz', { 'grpc.enable_channelz': 0 }],
])('calls in flight of a gRPC application %s', (_name, channelOptions) => {
  let agent: EmbeddedAgent;
  let app: INestMicroservice;
  let sidecar: SidecarAgent;
  let calls: InFlightCalls;
  let client: Client;
  let port: number;
  let now: (answer: sendUnaryData<Buffer>) => void;

  beforeEach(async () => {
    agent = new EmbeddedAgent();
    await agent.start();
    port = await freePort();
    now = (answer) => answer(null, NONE);
    const grpc: GrpcOptions['options'] = {
      package: 'acme.archive.v1',
      protoPath,
      url: `127.0.0.1:${port}`,
      channelOptions,
      onLoadPackageDefinition: (_pkg: unknown, server: Server) => {
        server.addService(HEALTH, {
          Check: (_call: unknown, answer: sendUnaryData<Buffer>) => answer(null, NONE),
          Watch: (call: ServerWritableStream<Buffer, Buffer>) => call.write(NONE),
        });
        server.addService(CLOCK, {
          Now: (_call: unknown, answer: sendUnaryData<Buffer>) => now(answer),
        });
      },
    };
    @Module({
      imports: [SidecarAgentModule.forRoot(greeterOptions(port, { baseUrl: agent.url, grpc }))],
      controllers: [ArchiveController],
    })
    class AppModule {}
    app = await NestFactory.createMicroservice<MicroserviceOptions>(AppModule, {
      transport: Transport.GRPC,
      options: grpc,
      logger: false,
      abortOnError: false,
    });
    sidecar = app.get(SidecarAgent);
    calls = app.get(InFlightCalls);
    client = new Client(`127.0.0.1:${port}`, credentials.createInsecure());
  });

  afterEach(async () => {
    client.close();
    await app.close();
    await agent.stop();
  });

  async function start(): Promise<void> {
    await app.listen();
    await agent.waitFor(() => agent.services().some(({ state }) => state === 'Serving'));
  }

  const inFlight = () => sidecar.status().inFlight;
  const arrivals = () => calls.arrivals.lastMinute().calls;
  const posts = () => postedPaths(agent.requests());

  function ask(method: ServiceDefinition[string] | undefined, message: unknown) {
    if (!method) throw new Error('there is no such method');
    let cancel = () => {};
    const code = new Promise<number>((resolve) => {
      const { path, requestSerialize, responseDeserialize } = method;
      const call = client.makeUnaryRequest(path, requestSerialize, responseDeserialize, message, (error) =>
        resolve(error ? error.code : status.OK),
      );
      cancel = () => call.cancel();
    });
    return { code, cancel };
  }

  /** Closes the application, and waits until only calls in flight hold it up. */
  async function close(): Promise<{ closed: Promise<void> }> {
    const closed = app.close();
    await statusWhere(app, ({ state }) => state === 'Draining');
    await fetch(`${agent.url}/services`).catch(() => {});
    expect(posts()).toEqual(['/register', '/drain']);
    return { closed };
  }

  it('a call that is cancelled before its handler runs is over', async () => {
    const hooked: (() => void)[] = [];
    const servers = app.get(ModulesContainer).getRpcTargetRegistry<ServerGrpc>();
    servers.subscribe((server) =>
      server.setOnProcessingStartHook((_transport: unknown, _context: unknown, done: () => void) => {
        hooked.push(done);
      }),
    );
    await start();
    const { code, cancel } = ask(Read, { text: 'a page' });
    await eventually(() => hooked.length === 1);
    expect(inFlight()).toBe(1);
    cancel();
    await expect(code).resolves.toBe(status.CANCELLED);
    await eventually(() => inFlight() === 0);
    for (const done of hooked) done();
    await app.close();
    expect(inFlight()).toBe(0);
    expect(posts()).toEqual(['/register', '/drain', '/deregister']);
  });

  it('the answer of a client stream is waited for until a slow reader has it', async () => {
    await start();
    const session = connect(`http://127.0.0.1:${port}`);
    try {
      const stream = session.request({
        ':method': 'POST',
        ':path': '/acme.archive.v1.Archive/Store',
        'content-type': 'application/grpc',
        te: 'trailers',
      });
      stream.end();
      await once(stream, 'response');
      const { closed } = await close();
      expect(inFlight()).toBe(1);
      let received = 0;
      stream.on('data', (part: Buffer) => (received += part.length));
      const [trailers] = (await once(stream, 'trailers')) as [Record<string, string>];
      expect(trailers['grpc-status']).toBe('0');
      expect(received).toBeGreaterThan(LONG.length);
      await closed;
      expect(posts()).toEqual(['/register', '/drain', '/deregister']);
    } finally {
      session.destroy();
    }
  });

  it('calls of services that Nest does not know are arrivals, and waited for', async () => {
    await start();
    let answer: sendUnaryData<Buffer> | undefined;
    now = (callback) => (answer = callback);
    const { code } = ask(CLOCK.Now, NONE);
    await eventually(() => answer !== undefined);
    expect([inFlight(), arrivals(), calls.methods]).toEqual([1, 1, ['/acme.Clock/Now']]);
    const { closed } = await close();
    answer?.(null, NONE);
    await expect(code).resolves.toBe(status.OK);
    await closed;
    expect(posts()).toEqual(['/register', '/drain', '/deregister']);
  });

  it('probes are no arrivals, and a watch of the health holds nothing up', async () => {
    await start();
    await expect(ask(HEALTH.Check, NONE).code).resolves.toBe(status.OK);
    const watch = client.makeServerStreamRequest('/grpc.health.v1.Health/Watch', bytes, bytes, NONE);
    const ended = new Promise((resolve) => watch.once('error', resolve));
    await once(watch, 'data');
    expect([inFlight(), arrivals(), calls.methods]).toEqual([0, 0, []]);
    calls.beginDrain();
    await expect(ended).resolves.toMatchObject({ code: status.UNAVAILABLE });
    await eventually(() => inFlight() === 0);
  });

  it('a stream of a handler of Nest is ended UNAVAILABLE, and nothing throws', async () => {
    await start();
    if (!Browse) throw new Error('there is no such method');
    const { path, requestSerialize, responseDeserialize } = Browse;
    const stream = client.makeBidiStreamRequest(path, requestSerialize, responseDeserialize);
    const ended = new Promise((resolve) => stream.once('error', resolve));
    stream.write({ text: 'a page' });
    expect(await once(stream, 'data')).toEqual([{ text: 'read a page' }]);
    expect(calls.methods).toEqual(['/acme.archive.v1.Archive/Browse']);
    calls.endAll();
    await expect(ended).resolves.toMatchObject({ code: status.UNAVAILABLE });
    await eventually(() => inFlight() === 0);
    expect(failures).toEqual([]);
  });

  it('calls of unknown methods leave nothing behind', async () => {
    await start();
    const none = { ...CLOCK.Now, path: '/acme.Clock/Then' } as ServiceDefinition[string];
    await expect(ask(none, NONE).code).resolves.toBe(status.UNIMPLEMENTED);
    await eventually(() => inFlight() === 0);
  });
});
