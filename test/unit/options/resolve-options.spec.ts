import { describe, expect, it } from '@jest/globals';
import { resolveOptions } from '../../../lib/options/resolve-options.js';
import { MINIMAL, options } from '../fixtures/fixtures.js';

const UUID_V7 = /^[\da-f]{8}-[\da-f]{4}-7[\da-f]{3}-[89ab][\da-f]{3}-[\da-f]{12}$/;

describe('resolveOptions', () => {
  describe('with only the required options', () => {
    it('completes them with the defaults', () => {
      expect(resolveOptions(MINIMAL)).toEqual({
        enabled: true,
        identity: {
          app: {
            id: '10001',
            name: 'auth-center',
            env: 'prod',
            version: 'v1.3.4',
            instanceId: expect.stringMatching(UUID_V7),
          },
          kernel: { language: 'node', version: process.version },
          service: {
            name: 'auth',
            type: 'svc',
            namespace: 'default',
            clusterDomain: 'cluster.local',
            port: 9090,
            weight: 100,
          },
          protocol: 'grpc',
          serverPort: 10500,
          managedPort: 0,
          dns: 'auth.default.svc.cluster.local',
        },
        methods: undefined,
        announceInfrastructure: false,
        grpc: MINIMAL.grpc,
        httpRoutes: { from: 'annotations', required: false },
        gatewayManifest: undefined,
        endpoint: {
          origin: 'http://127.0.0.1:15010',
          basePath: '',
          watchPath: '/watch',
          socketPath: undefined,
          headers: {},
          tls: undefined,
        },
        dialect: 'auto',
        gracePeriod: 20_000,
        drainDelay: 'auto',
        shutdownTimeout: 29_000,
        requestTimeout: 3_000,
        reconnectInterval: 1_000,
        maxReconnectInterval: 5_000,
        reassertInterval: 30_000,
        idleTimeout: 15_000,
        probePaths: [
          '/health',
          '/health/live',
          '/health/ready',
          '/health/started',
          '/healthz',
          '/livez',
          '/readyz',
          '/metrics',
        ],
        maxEventBytes: 1_048_576,
        waitForRegistration: 0,
        onError: undefined,
      });
    });

    it('makes a new instance id each time', () => {
      const ids = [1, 2, 3].map(() => resolveOptions(MINIMAL).identity.app.instanceId);
      expect(new Set(ids).size).toBe(3);
    });

    it('treats undefined as an option that is left out', () => {
      const blank = options({
        kernel: undefined,
        managedPort: undefined,
        gracePeriod: undefined,
        enabled: undefined,
        headers: undefined,
        waitForRegistration: undefined,
      });
      expect(resolveOptions(blank)).toMatchObject({
        enabled: true,
        gracePeriod: 20_000,
        waitForRegistration: 0,
      });
    });
  });

  it('keeps everything that is given', () => {
    const onError = () => {};
    const tls = { servername: 'agent' };
    const resolved = resolveOptions({
      app: { id: '1', name: 'shop', env: 'test', version: 'v2', instanceId: 'shop-1', secret: 'x' },
      service: {
        name: 'cart',
        namespace: 'shop',
        type: 'api',
        clusterDomain: 'mesh.local',
        port: 7070,
        weight: 5,
      },
      kernel: { language: 'deno', version: '3' },
      protocol: 'grpc',
      serverPort: 1,
      managedPort: 65_535,
      dns: 'cart.example',
      methods: ['/shop.Cart/Add'],
      announceInfrastructure: true,
      httpRoutes: [{ httpMethod: 'get', path: '/add', fullMethod: '/shop.Cart/Add' }],
      baseUrl: 'https://agent:8443/mesh',
      watchUrl: '/events',
      socketPath: '/run/agent.sock',
      headers: { authorization: 'Bearer token' },
      tls,
      dialect: 'flat',
      gracePeriod: '1m',
      drainDelay: '2s',
      shutdownTimeout: '90s',
      holdProcessExit: true,
      requestTimeout: 250,
      reconnectInterval: '100ms',
      maxReconnectInterval: '30s',
      reassertInterval: '10s',
      idleTimeout: '1m30s',
      probePaths: ['/up'],
      maxEventBytes: 65_536,
      enabled: false,
      waitForRegistration: '7s',
      registrationFile: '/run/shop/registration.json',
      onError,
    });
    expect(resolved).toEqual({
      enabled: false,
      identity: {
        app: { id: '1', name: 'shop', env: 'test', version: 'v2', instanceId: 'shop-1' },
        kernel: { language: 'deno', version: '3' },
        service: {
          name: 'cart',
          type: 'api',
          namespace: 'shop',
          clusterDomain: 'mesh.local',
          port: 7070,
          weight: 5,
        },
        protocol: 'grpc',
        serverPort: 1,
        managedPort: 65_535,
        dns: 'cart.example',
      },
      serverPort: 1,
      methods: ['/shop.Cart/Add'],
      announceInfrastructure: true,
      grpc: undefined,
      httpRoutes: {
        from: 'list',
        routes: [{ httpMethod: 'GET', path: '/add', fullMethod: '/shop.Cart/Add' }],
      },
      endpoint: {
        origin: 'https://agent:8443',
        basePath: '/mesh',
        watchPath: '/mesh/events',
        socketPath: '/run/agent.sock',
        headers: { authorization: 'Bearer token' },
        tls,
      },
      dialect: 'flat',
      gracePeriod: 60_000,
      drainDelay: 2_000,
      shutdownTimeout: 90_000,
      holdProcessExit: true,
      requestTimeout: 250,
      reconnectInterval: 100,
      maxReconnectInterval: 30_000,
      reassertInterval: 10_000,
      idleTimeout: 90_000,
      probePaths: ['/up'],
      maxEventBytes: 65_536,
      waitForRegistration: 7_000,
      registrationFile: {
        path: '/run/shop/registration.json',
        agent: { baseUrl: 'https://agent:8443/mesh', socketPath: '/run/agent.sock' },
        dialect: 'flat',
        hasFixedId: true,
      },
      onError,
    });
  });

  it('leaves the secret out', () => {
    const secret = 'c0rrect-h0rse';
    const resolved = resolveOptions(options({ app: { ...MINIMAL.app, secret } }));
    expect(JSON.stringify(resolved)).not.toContain(secret);
    expect(resolved.identity.app).not.toHaveProperty('secret');
  });

  it('gives a result that cannot be changed', () => {
    expect(Object.isFrozen(resolveOptions(MINIMAL))).toBe(true);
  });

  describe('the port that is listened on', () => {
    it.each([
      ['0.0.0.0:5000', 5000],
      ['localhost:1', 1],
      ['[::1]:65535', 65_535],
      ['[::]:50051', 50_051],
      ['dns:///localhost:50051', 50_051],
    ])('is read from grpc.url %s', (url, port) => {
      const { identity } = resolveOptions(options({ grpc: { package: 'a', url } }));
      expect(identity.serverPort).toBe(port);
    });

    it('is serverPort if that is given', () => {
      const given = options({ serverPort: 6000, grpc: { package: 'a', url: '0.0.0.0:5000' } });
      expect(resolveOptions(given).identity.serverPort).toBe(6000);
    });

    it('is that of the HTTP server for an http service, whatever grpc.url says', () => {
      const given = options({ protocol: 'http', grpc: { package: 'a', url: '0.0.0.0:5000' } });
      expect(resolveOptions(given).identity.serverPort).toBeUndefined();
      expect(resolveOptions({ ...given, serverPort: 80 }).identity.serverPort).toBe(80);
    });
  });

  describe('the methods', () => {
    it('are none for an http service', () => {
      const http = { app: MINIMAL.app, service: MINIMAL.service, protocol: 'http', serverPort: 80 } as const;
      expect(resolveOptions(http).methods).toEqual([]);
      expect(resolveOptions({ ...http, methods: [] }).methods).toEqual([]);
    });

    it('take the place of the option grpc', () => {
      const given = options({ grpc: undefined, serverPort: 1, methods: ['/a.B/C'] });
      expect(resolveOptions(given).methods).toEqual(['/a.B/C']);
    });

    it('are left open if reflection finds them', () => {
      expect(resolveOptions(MINIMAL).methods).toBeUndefined();
    });
  });

  it('makes the dns of the service', () => {
    const service = { name: 'cart', namespace: 'shop', type: 'api', clusterDomain: 'mesh.local' };
    expect(resolveOptions(options({ service })).identity.dns).toBe('cart.shop.api.mesh.local');
  });

  describe('the grace period', () => {
    it.each(['', 0, '0', '0s'])('is zero if it is %p, and so is the drain delay', (gracePeriod) => {
      expect(resolveOptions(options({ gracePeriod }))).toMatchObject({
        gracePeriod: 0,
        drainDelay: 0,
        shutdownTimeout: 9_000,
      });
    });

    it('cuts the drain delay', () => {
      expect(resolveOptions(options({ gracePeriod: '3s' })).drainDelay).toBe('auto');
      expect(resolveOptions(options({ gracePeriod: '3s', drainDelay: '1h' })).drainDelay).toBe(3_000);
      expect(resolveOptions(options({ gracePeriod: '3s', drainDelay: '2s' })).drainDelay).toBe(2_000);
      expect(resolveOptions(options({ drainDelay: 0 })).drainDelay).toBe(0);
    });

    it('and three request timeouts bound the shutdown by default', () => {
      const given = options({ gracePeriod: '10s', requestTimeout: 100 });
      expect(resolveOptions(given).shutdownTimeout).toBe(10_300);
      expect(resolveOptions({ ...given, shutdownTimeout: '1s' }).shutdownTimeout).toBe(1_000);
    });
  });

  describe('the longest wait before a reconnect', () => {
    it('is 5 s, or the first wait if that is longer', () => {
      expect(resolveOptions(options({ reconnectInterval: '4s' })).maxReconnectInterval).toBe(5_000);
      expect(resolveOptions(options({ reconnectInterval: '8s' })).maxReconnectInterval).toBe(8_000);
    });

    it('may be as short as the first wait', () => {
      const given = options({ reconnectInterval: 200, maxReconnectInterval: 200 });
      expect(resolveOptions(given).maxReconnectInterval).toBe(200);
    });
  });

  it.each([
    [undefined, 0],
    [false, 0],
    [true, 10_000],
    ['20s', 20_000],
    [1, 1],
  ])('reads waitForRegistration %p as a limit of %d ms', (waitForRegistration, limit) => {
    expect(resolveOptions(options({ waitForRegistration })).waitForRegistration).toBe(limit);
  });

  describe('with enabled: false', () => {
    const disabled = (more: object) => ({ enabled: false as const, ...more });

    it('needs no other option', () => {
      expect(resolveOptions({ enabled: false })).toMatchObject({
        enabled: false,
        identity: { protocol: 'grpc', serverPort: undefined },
        httpRoutes: { from: 'annotations', required: false },
      });
    });

    it.each<[string, object]>([
      ['app and service without values', { app: { id: undefined }, service: { name: undefined } }],
      ['a registration file', { registrationFile: '/run/shop.json' }],
      ['a protocol', { protocol: 'http' }],
      ['the options of a server without its port', { grpc: { ...MINIMAL.grpc, url: 'unix:///run/x' } }],
    ])('takes %s', (_what, given) => {
      expect(resolveOptions(disabled(given)).enabled).toBe(false);
    });

    it('refuses what is given and wrong', () => {
      const given = disabled({ gracePeriods: 1, app: { id: 1 }, gracePeriod: 'soon', methods: ['x', 'x'] });
      expect(() => resolveOptions(given)).toThrow(/gracePeriods.*app\.id|app\.id.*gracePeriods/s);
      expect(() => resolveOptions(given)).toThrow(/gracePeriod: must be a duration/);
      expect(() => resolveOptions(given)).not.toThrow(/is required/);
    });
  });
});
