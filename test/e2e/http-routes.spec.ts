import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { loadSync } from '@grpc/proto-loader';
import {
  GatewayManifestError,
  HttpRoutesError,
  InvalidOptionsError,
  protoIncludeDir,
  SidecarAgent,
} from '../../lib/index.js';
import { EmbeddedAgent } from '../../lib/testing/index.js';
import { createGreeterApp, type GreeterOptions } from '../support/greeter-app.js';
import { GREETER_METHODS } from '../support/greeter.js';
import { createLibraryApp, LIBRARY_METHODS, LIBRARY_PROTO, LIBRARY_ROUTES } from '../support/library.js';

const SERVICE = { name: 'acme.library.v1.Library', methods: LIBRARY_METHODS };
const ROUTE = { http_method: 'POST', path: '/lend', full_method: '/acme.library.v1.Library/LendBook' };
const MANIFEST = { schema: 'firefly.gateway.manifest.v1', services: [SERVICE], routes: [ROUTE] };
const BURN = '/acme.library.v1.Library/BurnBook';

describe('HTTP routes', () => {
  const apps: { close(): Promise<void> }[] = [];
  let agent: EmbeddedAgent;
  let directory: string;

  beforeEach(async () => {
    agent = new EmbeddedAgent();
    await agent.start();
    directory = await mkdtemp(join(tmpdir(), 'sidecar-routes-'));
  });

  afterEach(async () => {
    for (const app of apps.splice(0)) await app.close();
    await agent.stop();
    await rm(directory, { recursive: true });
  });

  async function start(more: GreeterOptions, grpc: Parameters<typeof createLibraryApp>[1] = {}) {
    const library = await createLibraryApp({ baseUrl: agent.url, ...more }, grpc);
    apps.push(library.app);
    await library.app.listen();
    await library.app.get(SidecarAgent).registered();
    return library;
  }

  async function failure(more: GreeterOptions): Promise<unknown> {
    const thrown = await start(more).catch((error: unknown) => error);
    expect(agent.requests().filter(({ path }) => path === '/register')).toEqual([]);
    return thrown;
  }

  async function written(manifest: object): Promise<string> {
    const file = join(directory, 'gateway.manifest.json');
    await writeFile(file, JSON.stringify(manifest));
    return file;
  }

  const registered = () => agent.requests().find(({ path }) => path === '/register')?.body;

  describe('of annotations', () => {
    it.each([[undefined], ['annotations' as const]])(
      'are announced for what is served (%s)',
      async (httpRoutes) => {
        await start({ httpRoutes });
        expect(registered()).toMatchObject({ methods: LIBRARY_METHODS, http_routes: LIBRARY_ROUTES });
      },
    );

    const loader = { includeDirs: [protoIncludeDir()], keepCase: true, longs: String, defaults: true };

    it('are the same with a loader that keeps the case of names', async () => {
      await start({}, { loader });
      expect(registered()).toMatchObject({ http_routes: LIBRARY_ROUTES });
    });

    it('are found in a package definition', async () => {
      await start({}, { protoPath: undefined, packageDefinition: loadSync(LIBRARY_PROTO, loader) });
      expect(registered()).toMatchObject({ http_routes: LIBRARY_ROUTES });
    });

    it('are left out with httpRoutes: false', async () => {
      await start({ httpRoutes: false });
      expect(registered()).toMatchObject({ methods: LIBRARY_METHODS });
      expect(registered()).not.toHaveProperty('http_routes');
    });

    it('are no part of the flat dialect', async () => {
      await start({ dialect: 'flat' });
      expect(registered()).toMatchObject({ methods: LIBRARY_METHODS });
      expect(registered()).not.toHaveProperty('http_routes');
    });

    it('fail the start where they are asked for and there are none', async () => {
      const { app } = await createGreeterApp('microservice', {
        baseUrl: agent.url,
        httpRoutes: 'annotations',
      });
      apps.push(app);
      const thrown = await (app as { listen(): Promise<unknown> }).listen().catch((error: unknown) => error);
      expect(thrown).toBeInstanceOf(HttpRoutesError);
      expect(String(thrown)).toContain(
        'httpRoutes is "annotations", but no served rpc has a google.api.http option',
      );
      expect(registered()).toBeUndefined();
    });

    it('are not missed where they are not asked for', async () => {
      const { app, listen } = await createGreeterApp('microservice', { baseUrl: agent.url });
      apps.push(app);
      await listen();
      await app.get(SidecarAgent).registered();
      expect(registered()).toMatchObject({ methods: GREETER_METHODS });
      expect(registered()).not.toHaveProperty('http_routes');
    });

    it('fail the start where they break a rule, all faults in one error', async () => {
      const proto = join(directory, 'broken.proto');
      const rule = (verb: string, path: string) => `{ option (google.api.http) = { ${verb}: "${path}" }; }`;
      await writeFile(
        proto,
        `syntax = "proto3"; package acme.library.v1; import "google/api/annotations.proto"; message Book {}
        service Library {
          rpc GetBook(Book) returns (Book) ${rule('get', 'books')}
          rpc LendBook(Book) returns (Book) ${rule('get', '/b')}
          rpc CountBooks(Book) returns (Book) ${rule('get', '/b')}
        }`,
      );
      const thrown = await start({}, { protoPath: proto }).catch((error: unknown) => error);
      expect(thrown).toBeInstanceOf(HttpRoutesError);
      expect((thrown as HttpRoutesError).message).toBe(
        [
          'these HTTP routes cannot be registered:',
          '  - /acme.library.v1.Library/GetBook: must start with "/", got "books"',
          '  - /acme.library.v1.Library/CountBooks: duplicate route "GET /b"',
          'Correct the .proto files, or register no routes with httpRoutes: false.',
        ].join('\n'),
      );
    });
  });

  describe('of the options', () => {
    it('are announced sorted', async () => {
      const httpRoutes = [
        { httpMethod: 'put', path: '/a', fullMethod: LIBRARY_METHODS[0] ?? '' },
        { httpMethod: 'get', path: '/b', fullMethod: LIBRARY_METHODS[1] ?? '' },
      ];
      await start({ httpRoutes });
      expect(registered()).toMatchObject({
        http_routes: [
          { http_method: 'GET', path: '/b', full_method: LIBRARY_METHODS[1] },
          { http_method: 'PUT', path: '/a', full_method: LIBRARY_METHODS[0] },
        ],
      });
    });

    it('may be proxy routes of a gRPC service', async () => {
      await start({ httpRoutes: [{ httpMethod: 'GET', path: '/ui', stripPrefix: true }] });
      expect(registered()).toMatchObject({
        http_routes: [{ http_method: 'GET', path: '/ui', strip_prefix: true }],
      });
    });

    it('fail the start where they lead to what is not served', async () => {
      const thrown = await failure({ httpRoutes: [{ httpMethod: 'DELETE', path: '/b', fullMethod: BURN }] });
      expect(thrown).toBeInstanceOf(HttpRoutesError);
      expect(String(thrown)).toContain(`DELETE /b leads to ${BURN}, which is not served`);
      expect(String(thrown)).toContain(LIBRARY_METHODS.join(', '));
    });
  });

  describe('of a gateway manifest', () => {
    it('are announced, and its methods', async () => {
      await start({ gatewayManifestPath: await written(MANIFEST) });
      expect(registered()).toMatchObject({ methods: LIBRARY_METHODS, http_routes: [ROUTE] });
    });

    it('are left out with httpRoutes: false', async () => {
      await start({ gatewayManifestPath: await written(MANIFEST), httpRoutes: false });
      expect(registered()).toMatchObject({ methods: LIBRARY_METHODS });
      expect(registered()).not.toHaveProperty('http_routes');
    });

    const services = [{ ...SERVICE, methods: [...LIBRARY_METHODS.slice(1), BURN] }];

    it('fail the start where other methods are served', async () => {
      const path = await written({ ...MANIFEST, services });
      const thrown = await failure({ gatewayManifestPath: path });
      expect(thrown).toBeInstanceOf(GatewayManifestError);
      expect((thrown as GatewayManifestError).message).toBe(
        [
          `gateway manifest ${path}:`,
          `  - services: ${BURN} is declared, but no handler serves it`,
          `  - services: ${LIBRARY_METHODS[0]} is served, but not declared`,
          'Generate the manifest again, add the missing handlers, or register it as it is with manifestMismatch: "warn".',
        ].join('\n'),
      );
    });

    it('are announced all the same with manifestMismatch: "warn", and one line says so', async () => {
      const path = await written({ ...MANIFEST, services });
      const { logs } = await start({ gatewayManifestPath: path, manifestMismatch: 'warn' });
      expect(registered()).toMatchObject({
        methods: [BURN, ...LIBRARY_METHODS.slice(1)],
        http_routes: [ROUTE],
      });
      const warnings = logs.sidecar.filter((line) => line.startsWith('warn gateway manifest'));
      expect(warnings).toHaveLength(1);
      expect(warnings[0]).toContain(`${BURN} is declared, but no handler serves it`);
      expect(logs.sidecar).toContainEqual(expect.stringContaining(`No handler serves the rpc ${BURN}`));
      expect(logs.sidecar.join()).not.toContain('it is not registered');
    });

    it('fail the start where the file breaks a rule', async () => {
      const path = await written({ ...MANIFEST, routes: [{ ...ROUTE, path: 'lend' }] });
      const thrown = await failure({ gatewayManifestPath: path });
      expect(thrown).toBeInstanceOf(GatewayManifestError);
      expect(String(thrown)).toContain(`${path}: routes[0].path: must start with "/", got "lend"`);
    });

    it('fail the start where there is no file; by default it is that of the protoc plugin', async () => {
      const thrown = await failure({ httpRoutes: 'manifest' });
      expect(thrown).toBeInstanceOf(GatewayManifestError);
      expect(String(thrown)).toContain(join(process.cwd(), 'dep/protobuf/gen/gateway.manifest.json'));
      expect(String(thrown)).toContain('npx nestjs-sidecar-agent manifest');
    });

    it('are refused beside methods before anything else happens', async () => {
      const gatewayManifestPath = await written(MANIFEST);
      const thrown = await failure({ gatewayManifestPath, methods: LIBRARY_METHODS });
      expect(thrown).toBeInstanceOf(InvalidOptionsError);
    });

    it('are not read where the module is turned off', async () => {
      const library = await createLibraryApp({
        enabled: false,
        gatewayManifestPath: join(directory, 'nowhere'),
      });
      apps.push(library.app);
      await expect(library.app.listen()).resolves.toBeUndefined();
    });
  });
});
