import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import {
  Server,
  type ServerUnaryCall,
  type sendUnaryData,
  ServerCredentials,
  type ServiceDefinition,
} from '@grpc/grpc-js';
import { loadSync } from '@grpc/proto-loader';
import type { INestApplicationContext } from '@nestjs/common';
import { Module } from '@nestjs/common';
import { NestFactory } from '@nestjs/core';
import { type ClientGrpc, ClientsModule, Transport } from '@nestjs/microservices';
import { firstValueFrom, type Observable } from 'rxjs';
import {
  grpcClientOptions,
  InvalidOptionsError,
  type MeshClientOptions,
  type ServiceName,
} from '../../lib/index.js';
import { greeterGrpcOptions } from '../support/greeter.js';

const { protoPath } = greeterGrpcOptions(0);
const GREETER: MeshClientOptions = { package: 'acme.greeter.v1', protoPath };
const NAME_PART = 'must be 1 to 63 letters, digits, "-" or "_", with a letter or digit at both ends';

describe('grpcClientOptions', () => {
  it('dials the DNS name and the logical port', () => {
    expect(grpcClientOptions('auth', GREETER)).toEqual({
      transport: Transport.GRPC,
      options: {
        ...GREETER,
        url: 'auth.default.svc.cluster.local:9090',
        channelOptions: {
          'grpc.default_authority': 'auth.default.svc.cluster.local:9090',
          'grpc.enable_http_proxy': 0,
        },
      },
    });
  });

  it('accepts the parts of the name, another port, and options of the client', () => {
    const service: ServiceName = { name: 'auth', namespace: 'iam', clusterDomain: 'mesh.acme' };
    const channelOptions = { 'grpc.enable_http_proxy': 1, 'grpc.max_metadata_size': 1 };
    const { options } = grpcClientOptions(service, {
      ...GREETER,
      port: 9191,
      channelOptions,
      maxMetadataSize: 5,
    });
    expect(options).toMatchObject({ url: 'auth.iam.svc.mesh.acme:9191', maxMetadataSize: 5, channelOptions });
    expect(options).not.toHaveProperty('port');
  });

  it.each<[string | ServiceName, Partial<MeshClientOptions>, string[]]>([
    ['', {}, ['service.name: must not be blank, got ""']],
    ['auth:9090', {}, [`service.name: ${NAME_PART}, got "auth:9090"`]],
    [
      'auth.default.svc.cluster.local',
      {},
      [
        'service.name: must be the name alone, such as "auth", not a DNS name, got "auth.default.svc.cluster.local"',
      ],
    ],
    [
      { name: 'a b', namespace: '', type: 'x/y', clusterDomain: 'a:1' },
      { port: 0 },
      [
        `service.name: ${NAME_PART}, got "a b"`,
        'service.namespace: must not be blank, got ""',
        `service.type: ${NAME_PART}, got "x/y"`,
        'service.clusterDomain: must be a part of a host name without a port, got "a:1"',
        'port: must be a whole number from 1 to 65535, got 0',
      ],
    ],
  ])('lists every fault of %j with %j', (service, more, faults) => {
    let thrown: unknown;
    try {
      grpcClientOptions(service, { ...GREETER, ...more });
    } catch (error) {
      thrown = error;
    }
    expect(thrown).toBeInstanceOf(InvalidOptionsError);
    const error = thrown as InvalidOptionsError;
    expect(error.message).toMatch(/^grpcClientOptions cannot use these options:/);
    expect(error.faults.map(({ path, message }) => `${path}: ${message}`)).toEqual(faults);
  });

  describe('in a ClientsModule', () => {
    interface Greeter {
      greet(named: { name: string }): Observable<{ text: string }>;
    }

    let proxy: Server;
    let authorities: string[];
    let folder: string;
    let app: INestApplicationContext;
    const { http_proxy } = process.env;

    beforeEach(() => {
      folder = mkdtempSync(join(tmpdir(), 'mesh-'));
      authorities = [];
      // Stands in for the host's proxy, which routes by the authority of a call.
      proxy = new Server();
      proxy.addService(loadSync(String(protoPath))['acme.greeter.v1.Greeter'] as ServiceDefinition, {
        greet: (
          call: ServerUnaryCall<{ name: string }, { text: string }>,
          answer: sendUnaryData<{ text: string }>,
        ) => {
          authorities.push(call.getHost());
          answer(null, { text: `hello ${call.request.name}` });
        },
      });
    });

    afterEach(async () => {
      process.env.http_proxy = http_proxy;
      if (http_proxy === undefined) delete process.env.http_proxy;
      await app.close();
      proxy.forceShutdown();
      rmSync(folder, { recursive: true });
    });

    const bind = (address: string) =>
      new Promise<number>((resolve, reject) =>
        proxy.bindAsync(address, ServerCredentials.createInsecure(), (error, port) =>
          error ? reject(error) : resolve(port),
        ),
      );

    async function greet(options: Partial<MeshClientOptions>): Promise<string> {
      const client = grpcClientOptions('auth', { ...GREETER, ...options });

      @Module({ imports: [ClientsModule.register([{ name: 'AUTH', ...client }])] })
      class CallerModule {}

      app = await NestFactory.createApplicationContext(CallerModule, { logger: false });
      const greeter = app.get<ClientGrpc>('AUTH').getService<Greeter>('Greeter');
      const { text } = await firstValueFrom(greeter.greet({ name: 'ada' }));
      return text;
    }

    it('dials the proxy and carries the name of the service, and ignores http_proxy', async () => {
      process.env.http_proxy = 'http://127.0.0.1:9';
      const port = await bind('127.0.0.1:0');
      await expect(greet({ url: `127.0.0.1:${port}` })).resolves.toBe('hello ada');
      expect(authorities).toEqual(['auth.default.svc.cluster.local:9090']);
    });

    it('dials a proxy on a Unix socket', async () => {
      const socket =
        process.platform === 'win32' ? `\\\\.\\pipe\\proxy-${process.pid}` : join(folder, 'proxy.sock');
      await bind(`unix:${socket}`);
      await expect(greet({ url: `unix:${socket}`, port: 9191 })).resolves.toBe('hello ada');
      expect(authorities).toEqual(['auth.default.svc.cluster.local:9191']);
    });
  });
});
