import { describe, expect, it } from '@jest/globals';
import fc from '../../support/fast-check.js';
import { InvalidOptionsError } from '../../../lib/errors/invalid-options.error.js';
import { SidecarAgentError } from '../../../lib/errors/sidecar-agent.error.js';
import { LONGEST_DURATION } from '../../../lib/support/timing/duration.js';
import { resolveOptions } from '../../../lib/options/resolve-options.js';
import type { SidecarAgentOptions } from '../../../lib/options/sidecar-agent-options.interface.js';
import { MINIMAL, options, thrownBy } from '../fixtures/fixtures.js';

/** Returns the faults of a value of any type, as plain JavaScript can pass it. */
function faultsOf(given: unknown): Record<string, string> {
  const thrown = thrownBy(() => resolveOptions(given as SidecarAgentOptions));
  if (!(thrown instanceof InvalidOptionsError)) throw thrown;
  return Object.fromEntries(thrown.faults.map(({ path, message }) => [path, message]));
}

/** Returns the minimal options with a value at a dotted path. */
function withValue(path: string, value: unknown): unknown {
  const root = structuredClone(MINIMAL) as unknown as Record<string, unknown>;
  const names = path.split('.');
  const last = names.pop() ?? '';
  const parent = names.reduce<Record<string, unknown>>((object, name) => {
    const child = (object[name] ?? {}) as Record<string, unknown>;
    object[name] = child;
    return child;
  }, root);
  parent[last] = value;
  return root;
}

const PORT = 'must be a whole number from 1 to 65535';

/** Returns how a fault shows a value. */
function shown(value: unknown): string {
  if (typeof value === 'string') return JSON.stringify(value);
  if (Array.isArray(value)) return 'a list';
  return typeof value === 'object' && value !== null ? 'an object' : String(value);
}
const DURATION = `must be a duration such as "20s" or a number of milliseconds, 0 or from 1 to ${LONGEST_DURATION} ms`;
const DRAIN_DELAY = DURATION.replace('must be', 'must be "auto" or');
const ABOVE_ZERO = DURATION.replace('0 or from', 'from');

describe('resolveOptions, of options with a fault', () => {
  it('throws an InvalidOptionsError that reads as a list', () => {
    const thrown = thrownBy(() => resolveOptions(withValue('app.id', ' ') as SidecarAgentOptions));
    expect(thrown).toBeInstanceOf(InvalidOptionsError);
    expect(thrown).toBeInstanceOf(SidecarAgentError);
    expect(thrown).toMatchObject({
      name: 'InvalidOptionsError',
      kind: 'invalid_options',
      faults: [{ path: 'app.id', message: 'must not be blank, got " "' }],
      message: 'SidecarAgentModule cannot use these options:\n  - app.id: must not be blank, got " "',
    });
  });

  it('names every fault in one error', () => {
    const faults = faultsOf({
      app: { id: '', name: 'shop', env: 3, secret: 1 },
      service: { name: 'cart', port: 0, weight: 0 },
      protocol: 'tcp',
      grpc: { url: 'localhost:65536' },
      methods: ['Login', '/a.B/C'],
      baseUrl: 'ftp://agent',
      watchUrl: 'watch',
      headers: { authorization: 'a\r\nb' },
      dialect: 'go',
      gracePeriod: 'soon',
      drainDelay: -1,
      requestTimeout: 0,
      reconnectInterval: '10s',
      maxReconnectInterval: '5s',
      maxEventBytes: 1.5,
      enabled: 'yes',
      onError: 'print',
      retries: 3,
    });
    expect(Object.keys(faults).sort()).toEqual(
      [
        'app.env',
        'app.id',
        'app.secret',
        'app.version',
        'baseUrl',
        'dialect',
        'drainDelay',
        'enabled',
        'gracePeriod',
        'grpc.package',
        'headers.authorization',
        'maxEventBytes',
        'maxReconnectInterval',
        'methods.0',
        'onError',
        'protocol',
        'requestTimeout',
        'retries',
        'serverPort',
        'service.port',
        'service.weight',
        'watchUrl',
      ].sort(),
    );
  });

  it('names each path once', () => {
    const given = { ...MINIMAL, baseUrl: '', serverPort: 0, methods: [] };
    const thrown = thrownBy(() => resolveOptions(given)) as InvalidOptionsError;
    expect(thrown.faults.map(({ path }) => path).sort()).toEqual(['baseUrl', 'methods', 'serverPort']);
  });

  it.each([
    [undefined, 'is required'],
    [null, 'must be an object, got null'],
    [true, 'must be an object, got true'],
    [42, 'must be an object, got 42'],
    [Number.NaN, 'must be an object, got NaN'],
    ['options', 'must be an object, got a string of 7 characters'],
    [() => {}, 'must be an object, got a function'],
  ])('refuses %p as a whole', (given, message) => {
    expect(faultsOf(given)).toEqual({ options: message });
  });

  it('says what is missing', () => {
    expect(faultsOf({ grpc: MINIMAL.grpc })).toEqual({ app: 'is required', service: 'is required' });
    expect(faultsOf({ ...MINIMAL, app: {}, service: {} })).toEqual({
      'app.id': 'is required',
      'app.name': 'is required',
      'app.env': 'is required',
      'app.version': 'is required',
      'service.name': 'is required',
    });
    expect(faultsOf({ ...MINIMAL, app: { ...MINIMAL.app, id: undefined } })).toEqual({
      'app.id': 'is required',
    });
  });

  it.each(['app', 'service', 'kernel', 'grpc'])('refuses text for %s', (name) => {
    expect(faultsOf(withValue(name, 'text'))).toMatchObject({
      [name]: 'must be an object, got a string of 4 characters',
    });
  });

  it.each(['headers', 'tls'])('refuses text for %s', (name) => {
    expect(faultsOf(withValue(name, 'text'))).toMatchObject({ [name]: 'must be an object' });
  });

  it.each([
    ['speed', 'unknown option'],
    ['app.secrets', 'unknown option (did you mean `secret`?)'],
    ['service.ports', 'unknown option (did you mean `port`?)'],
    ['kernel.arch', 'unknown option'],
    ['gprc', 'unknown option (did you mean `grpc`?)'],
    ['server_port', 'unknown option (did you mean `serverPort`?)'],
  ])('refuses the unknown option %s', (path, message) => {
    const given = withValue(path, 1);
    expect(faultsOf(given)).toMatchObject({ [path]: message });
  });

  it('takes what else grpc and tls may hold', () => {
    const grpc = { ...MINIMAL.grpc, package: 'a', protoPath: 'a.proto', maxSendMessageLength: 1 };
    expect(() =>
      resolveOptions(options({ grpc, baseUrl: 'https://agent', tls: { servername: 'agent' } })),
    ).not.toThrow();
  });

  describe.each([
    'app.id',
    'app.name',
    'app.env',
    'app.version',
    'app.instanceId',
    'service.name',
    'service.namespace',
    'service.type',
    'service.clusterDomain',
    'dns',
    'socketPath',
  ])('the text %s', (path) => {
    it.each(['', ' ', '\t\n'])('must not be blank, as %j is', (value) => {
      expect(faultsOf(withValue(path, value))).toEqual({
        [path]: `must not be blank, got ${JSON.stringify(value)}`,
      });
    });

    it.each([null, 7, true, ['a'], { a: 1 }])('must not be %p', (value) => {
      expect(faultsOf(withValue(path, value))).toEqual({ [path]: `must be a string, got ${shown(value)}` });
    });
  });

  describe.each(['service.port', 'serverPort'])('the port %s', (path) => {
    it.each([0, -1, 65_536, 80.5, Number.NaN, Infinity, '80', null, {}])('must not be %p', (value) => {
      expect(faultsOf(withValue(path, value))).toEqual({ [path]: `${PORT}, got ${shown(value)}` });
    });

    it.each([1, 65_535])('may be %d', (value) => {
      expect(() => resolveOptions(withValue(path, value) as SidecarAgentOptions)).not.toThrow();
    });
  });

  it.each([-1, 65_536, 0.5, '0', Number.NaN, null])('refuses the managedPort %p', (managedPort) => {
    expect(Object.keys(faultsOf({ ...MINIMAL, managedPort }))).toEqual(['managedPort']);
  });

  it.each([0, 1, 65_535])('accepts the managedPort %p', (managedPort) => {
    expect(() => resolveOptions(options({ managedPort }))).not.toThrow();
  });

  it.each([
    ['service.weight', 'must be a whole number above 0'],
    ['maxEventBytes', 'must be a whole number of bytes above 0'],
  ])('counts %s in whole numbers above 0', (path, message) => {
    for (const value of [0, -1, 1.5, Number.NaN, Infinity, '1', null]) {
      expect(faultsOf(withValue(path, value))).toEqual({ [path]: `${message}, got ${shown(value)}` });
    }
    expect(() => resolveOptions(withValue(path, 1) as SidecarAgentOptions)).not.toThrow();
  });

  it.each(['auth:10500', 'https://auth', 'auth service', 'auth/'])('refuses the dns %p', (dns) => {
    expect(faultsOf(options({ dns }))).toEqual({ dns: `must be a host name, without a port, got "${dns}"` });
  });

  describe.each([
    'shutdownTimeout',
    'requestTimeout',
    'reconnectInterval',
    'maxReconnectInterval',
    'idleTimeout',
    'waitForRegistration',
  ])('the duration %s', (path) => {
    it.each([
      0,
      '0s',
      '',
      '500us',
      0.9,
      -1,
      Number.NaN,
      Infinity,
      LONGEST_DURATION + 1,
      '600h',
      '20',
      '-1s',
      null,
    ])('must not be %p', (value) => {
      expect(faultsOf(withValue(path, value))).toMatchObject({
        [path]: expect.stringContaining('a duration such as "20s"'),
      });
    });

    it.each([1, '1ms', LONGEST_DURATION])('may be %p', (value) => {
      const given = { ...MINIMAL, maxReconnectInterval: LONGEST_DURATION, [path]: value };
      if (path === 'maxReconnectInterval') Object.assign(given, { reconnectInterval: 1 });
      expect(() => resolveOptions(given)).not.toThrow();
    });
  });

  it('says what a duration must be', () => {
    expect(faultsOf({ ...MINIMAL, requestTimeout: '0' })).toEqual({
      requestTimeout: `${ABOVE_ZERO}, got "0"`,
    });
    expect(faultsOf({ ...MINIMAL, requestTimeout: {} })).toEqual({
      requestTimeout: `${ABOVE_ZERO}, got an object`,
    });
    expect(faultsOf({ ...MINIMAL, drainDelay: 'soon' })).toEqual({
      drainDelay: `${DRAIN_DELAY}, got "soon"`,
    });
  });

  it.each([-1, Number.NaN, Infinity, LONGEST_DURATION + 1, '600h', 'soon', '-1s', null, {}])(
    'refuses the gracePeriod and the drainDelay %p',
    (value) => {
      expect(Object.keys(faultsOf({ ...MINIMAL, gracePeriod: value }))).toEqual(['gracePeriod']);
      expect(Object.keys(faultsOf({ ...MINIMAL, drainDelay: value }))).toEqual(['drainDelay']);
    },
  );

  it('refuses a blank drainDelay', () => {
    expect(faultsOf(options({ drainDelay: '' }))).toEqual({ drainDelay: `${DRAIN_DELAY}, got ""` });
  });

  it('refuses a maxReconnectInterval shorter than reconnectInterval', () => {
    expect(faultsOf(options({ reconnectInterval: '2s', maxReconnectInterval: '1s' }))).toEqual({
      maxReconnectInterval: 'must not be shorter than reconnectInterval, 2000 ms, got 1000 ms',
    });
    expect(faultsOf(options({ maxReconnectInterval: 999 }))).toEqual({
      maxReconnectInterval: 'must not be shorter than reconnectInterval, 1000 ms, got 999 ms',
    });
  });

  describe('if the port cannot be known', () => {
    const withoutPort = (grpc: unknown) => faultsOf({ ...MINIMAL, grpc });

    it('asks for serverPort', () => {
      expect(faultsOf({ ...MINIMAL, grpc: undefined, methods: ['/a.B/C'] })).toEqual({
        serverPort: 'is required: give the port that this process listens on',
      });
    });

    it.each(['localhost:65536', 'localhost:123456', 'unix:/run/auth.sock'])(
      'asks for serverPort with grpc.url %p',
      (url) => {
        expect(withoutPort({ package: 'a', url })).toEqual({
          serverPort: `is required: grpc.url names no port from 1 to 65535, got "${url}"`,
        });
      },
    );

    it.each(['localhost', 'localhost:0', '0.0.0.0:00', '[::]', '', undefined])(
      'waits for the server to be bound to %p',
      (url) => {
        const resolved = resolveOptions({ ...MINIMAL, grpc: { package: 'a', url } });
        expect(resolved.identity.serverPort).toBeUndefined();
      },
    );

    it('waits for the HTTP server to listen', () => {
      const resolved = resolveOptions({ ...MINIMAL, grpc: undefined, protocol: 'http' });
      expect(resolved.identity.serverPort).toBeUndefined();
    });
  });

  it.each(['health', 'localhost/health', '/a b', ''])('probePaths must not have %j', (path) => {
    expect(faultsOf(options({ probePaths: ['/health', path] }))).toEqual({
      'probePaths.1': `must be a path that starts with "/", without a query, got ${JSON.stringify(path)}`,
    });
    expect(faultsOf({ ...MINIMAL, probePaths: '/health' })).toEqual({
      probePaths: 'must be a list of paths, got "/health"',
    });
    // A query may hold a secret, so it is not shown.
    expect(faultsOf(options({ probePaths: ['/health?full'] }))).toEqual({
      'probePaths.0': 'must be a path that starts with "/", without a query',
    });
  });

  describe('the methods', () => {
    it.each(['Login', '/Login', 'acme.Auth/Login', '/acme.Auth/', '/a/b/c', '/a b/c', '/a/b\n', ''])(
      'must not be %j',
      (method) => {
        expect(faultsOf(options({ methods: ['/a.B/C', method] }))).toEqual({
          'methods.1': `must look like "/package.Service/Method", got ${JSON.stringify(method)}`,
        });
      },
    );

    it('must be a list of texts', () => {
      expect(faultsOf({ ...MINIMAL, methods: '/a.B/C' })).toEqual({
        methods: 'must be a list of method paths, got "/a.B/C"',
      });
      expect(faultsOf({ ...MINIMAL, methods: [7] })).toEqual({ 'methods.0': 'must be a string, got 7' });
    });

    it('must not be empty for a gRPC service', () => {
      expect(faultsOf(options({ methods: [] }))).toEqual({
        methods: 'must not be empty for a gRPC service: leave it out for reflection',
      });
    });

    it('must be left out for an http service', () => {
      expect(faultsOf(options({ protocol: 'http', methods: ['/a.B/C'] }))).toEqual({
        methods: 'must be left out for an http service, which has no gRPC methods',
      });
    });

    it('are required for a gRPC service if grpc is not given', () => {
      expect(faultsOf(options({ grpc: undefined, serverPort: 1 }))).toEqual({
        grpc: 'is required: give the `options` object that you pass to createMicroservice, or give methods',
      });
    });
  });

  describe('if grpc has no package', () => {
    it.each([{ url: 'localhost:1' }, { url: 'localhost:1', package: undefined }])(
      'asks for it: %j',
      (grpc) => {
        expect(faultsOf({ ...MINIMAL, grpc })).toEqual({ 'grpc.package': 'is required' });
      },
    );

    it('recognizes the object around the options of the transport', () => {
      const around = { transport: 4, options: MINIMAL.grpc };
      expect(faultsOf({ ...MINIMAL, serverPort: 1, grpc: around })).toEqual({
        'grpc.package':
          'is required: give the `options` object that you pass to createMicroservice, not the object around it',
      });
    });
  });

  it.each([7, [''], ['a', 7], {}, null])('refuses the grpc.package %p', (value) => {
    const paths = Object.keys(faultsOf(withValue('grpc.package', value)));
    expect(paths.every((path) => path.startsWith('grpc.package'))).toBe(true);
  });

  describe('the headers', () => {
    it.each(['a\nb', 'a\rb', 'a\r\nb', '\n', 'a\u0000', 'snow \u2603'])('must not carry %j', (value) => {
      expect(faultsOf(options({ headers: { 'x-token': value } }))).toEqual({
        'headers.x-token': 'must be Latin-1 text without line breaks, which is all that a header can carry',
      });
    });

    it.each([7, null, ['a'], {}])('must not carry %p, which is not a string', (value) => {
      expect(faultsOf(withValue('headers.x-token', value))).toEqual({
        'headers.x-token': 'must be a string',
      });
    });

    it.each(['', 'a b', 'a\r\nb', 'a:b', 'h\u00e9'])('must not be named %j', (name) => {
      const faults = faultsOf(options({ headers: { [name]: 'a' } }));
      expect(Object.keys(faults)).toEqual(['headers']);
      expect(Object.values(faults)).toEqual([
        'must have names of letters, digits and "-", such as "x-token"',
      ]);
    });

    it.each(['', 'Bearer abc.def-ghi', 'a\tb', 'caf\u00e9'])('may carry %j', (value) => {
      expect(() => resolveOptions(options({ headers: { 'X-Token': value } }))).not.toThrow();
    });

    it.each([
      'host',
      'Content-Length',
      'content-type',
      'ACCEPT',
      'connection',
      'transfer-encoding',
      'upgrade',
    ])('must not be %s, which the module or the connection sets', (name) => {
      expect(Object.values(faultsOf(options({ headers: { [name]: 'a' } })))).toEqual([
        'is set by the module: leave it out',
      ]);
    });

    it('are not shown in an error', () => {
      const thrown = thrownBy(() => resolveOptions(options({ headers: { 'x-token': 's3cret\n' } })));
      expect(String(thrown)).not.toContain('s3cret');
    });
  });

  it.each([
    ['baseUrl', 'http://me:pass@127.0.0.1:15010'],
    ['watchUrl', 'http://127.0.0.1:18600/watch'],
    ['tls', { servername: 'agent' }],
  ])('checks the address of the agent: %s', (name, value) => {
    expect(Object.keys(faultsOf({ ...MINIMAL, [name]: value }))).toEqual([name]);
  });

  it.each([
    ['protocol', 'tcp', 'must be "grpc" or "http", got "tcp"'],
    ['dialect', 'go', 'must be "auto", "node" or "flat", got "go"'],
    ['dialect', 'nodes', 'must be "auto", "node" or "flat", got "nodes" (did you mean `node`?)'],
    ['protocol', 'HTTP', 'must be "grpc" or "http", got "HTTP" (did you mean `http`?)'],
    ['enabled', 1, 'must be true or false, got 1'],
    ['announceInfrastructure', 'yes', 'must be true or false, got "yes"'],
    ['holdProcessExit', 'yes', 'must be true or false, got "yes"'],
    ['onError', {}, 'must be a function, got an object'],
    ['managedPort', 'none', 'must be a whole number from 0 to 65535, got "none"'],
    ['managedPort', -1, 'must be a whole number from 0 to 65535, got -1'],
    ['serverPort', 'x'.repeat(17), 'must be a whole number from 1 to 65535, got a string of 17 characters'],
    ['gracePeriod', '400us', `${DURATION}, got "400us"`],
    ['gracePeriod', 0.5, `${DURATION}, got 0.5`],
    ['tls', [], 'must be an object'],
    ['headers', ['a'], 'must be an object'],
    ['headers', new Map([['a', 'b']]), 'must be an object'],
    ['grpc.package', [], 'must be a package name or a list of them, got an empty list'],
    ['gracePeriod', {}, `${DURATION}, got an object`],
    [
      'waitForRegistration',
      {},
      `${ABOVE_ZERO.replace('a duration', 'true, false or a duration')}, got an object`,
    ],
    ['app.secret', 7, 'must be a string'],
    ['grpc.url', 7, 'must be a string, got 7'],
    ['kernel', { language: 'node' }, undefined],
  ])('refuses a %s of %p', (path, value, message) => {
    const faults = faultsOf(withValue(path, value));
    if (message) expect(faults[path]).toBe(message);
    else expect(faults).toEqual({ [`${path}.version`]: 'is required' });
  });

  it.each(['constructor', 'prototype', 'hasOwnProperty'])('checks a header of the name %s', (name) => {
    expect(faultsOf(options({ headers: { [name]: 'a\r\nb' } }))).toEqual({
      [`headers.${name}`]: 'must be Latin-1 text without line breaks, which is all that a header can carry',
    });
  });

  it('names every unknown option, even one named like a property of all objects', () => {
    const given = { ...MINIMAL, retries: 3, toString: 1, app: { ...MINIMAL.app, constructor: 2, ID: 3 } };
    const unknown = 'unknown option';
    expect(faultsOf(given)).toEqual({
      retries: unknown,
      toString: unknown,
      'app.constructor': unknown,
      'app.ID': `${unknown} (did you mean \`id\`?)`,
    });
  });

  it.each([
    [{ name: 'auth x' }, 'service.name'],
    [{ name: 'auth:80' }, 'service.name'],
    [{ name: 'auth.default.svc.cluster.local' }, 'service.name'],
    [{ name: 'auth', namespace: 'a/b' }, 'service.namespace'],
    [{ name: 'auth', type: 'a b' }, 'service.type'],
    [{ name: 'auth', clusterDomain: 'a:1' }, 'service.clusterDomain'],
  ])('refuses a service that makes no host name: %j', (service, path) => {
    expect(Object.keys(faultsOf(options({ service })))).toEqual([path]);
    // The agent knows a service by its name and namespace, whatever its DNS name is.
    const withDns = options({ service, dns: 'auth.mesh' });
    if (path !== 'service.clusterDomain') expect(Object.keys(faultsOf(withDns))).toEqual([path]);
    else expect(resolveOptions(withDns).identity.dns).toBe('auth.mesh');
  });

  it('does not ask for a port if there is no server', () => {
    expect(Object.keys(faultsOf({ app: MINIMAL.app, service: { name: 'auth' } }))).toEqual(['grpc']);
  });

  it('says that waitForRegistration may be true or false', () => {
    expect(faultsOf(options({ waitForRegistration: '0s' })).waitForRegistration).toMatch(
      /^must be true, false or a duration /,
    );
  });

  it('names each fault of one option', () => {
    const thrown = thrownBy(() => resolveOptions(options({ baseUrl: 'http://me@agent/?a=b' })));
    expect(String(thrown)).toContain('must have no user info');
    expect(String(thrown)).toContain('must have no query and no fragment');
  });

  it('does not compare an option with one that has a fault of its own', () => {
    const both = { reconnectInterval: 2 ** 40, maxReconnectInterval: 0 };
    expect(Object.keys(faultsOf(options(both)))).toEqual(['reconnectInterval', 'maxReconnectInterval']);
    expect(Object.keys(faultsOf(options({ serverPort: 0 })))).toEqual(['serverPort']);
  });

  it.each(['::1', 'fe80::1:80', 'unix:/run/a:80', '0.0.0.0:65536'])(
    'finds no port in the address %s',
    (url) => {
      expect(Object.keys(faultsOf(options({ grpc: { package: 'a', url } })))).toEqual(['serverPort']);
    },
  );

  it.each([
    ['[::1]:10500', 10_500],
    ['0.0.0.0:80', 80],
    ['auth.local:1', 1],
    ['dns:///auth:65535', 65_535],
    ['ipv6:[::]:99', 99],
    ['ipv4:127.0.0.1:99', 99],
  ])('reads the port of the address %s', (url, port) => {
    expect(resolveOptions(options({ grpc: { package: 'a', url } })).identity.serverPort).toBe(port);
  });

  it('does not show the secret', () => {
    const secret = 'c0rrect-h0rse';
    const thrown = thrownBy(() => resolveOptions(options({ app: { ...MINIMAL.app, secret, id: '' } })));
    expect(JSON.stringify(thrown) + String(thrown)).not.toContain(secret);
  });
});

describe('resolveOptions, with any value', () => {
  const anything = fc.anything({ withNullPrototype: true, withBigInt: true, withDate: true });
  const value = fc.oneof(
    { weight: 3, arbitrary: anything },
    { weight: 1, arbitrary: fc.constantFrom('', 'a', '20s', '/a.B/C', 'http://a', 0, 1, 80, true, false) },
    { weight: 1, arbitrary: fc.constantFrom(['/a.B/C'], { a: 'b' }, [], {}, undefined, null) },
  );
  const NAMES = [
    'app',
    'app.id',
    'app.name',
    'app.instanceId',
    'app.secret',
    'service',
    'service.name',
    'service.port',
    'service.weight',
    'kernel',
    'kernel.version',
    'protocol',
    'serverPort',
    'managedPort',
    'dns',
    'grpc',
    'grpc.package',
    'grpc.url',
    'methods',
    'baseUrl',
    'watchUrl',
    'socketPath',
    'headers',
    'headers.x-token',
    'tls',
    'dialect',
    'gracePeriod',
    'drainDelay',
    'shutdownTimeout',
    'requestTimeout',
    'reconnectInterval',
    'maxReconnectInterval',
    'reassertInterval',
    'idleTimeout',
    'holdProcessExit',
    'probePaths',
    'maxEventBytes',
    'enabled',
    'announceInfrastructure',
    'waitForRegistration',
    'registrationFile',
    'onError',
    'anything',
  ];

  function check(given: unknown): void {
    try {
      const resolved = resolveOptions(given as SidecarAgentOptions);
      const { app, service, kernel, serverPort, managedPort } = resolved.identity;
      for (const text of Object.values({ ...app, ...kernel, name: service.name, type: service.type })) {
        expect(text).toMatch(/\S/);
      }
      for (const port of [service.port, serverPort ?? 1, managedPort || 1]) {
        expect(Number.isInteger(port) && port >= 1).toBe(true);
      }
      for (const name of ['requestTimeout', 'reconnectInterval', 'idleTimeout', 'shutdownTimeout'] as const) {
        expect(resolved[name]).toBeGreaterThan(0);
      }
      const { drainDelay } = resolved;
      if (drainDelay !== 'auto') expect(drainDelay).toBeLessThanOrEqual(resolved.gracePeriod);
      expect(resolved.maxReconnectInterval).toBeGreaterThanOrEqual(resolved.reconnectInterval);
    } catch (thrown) {
      if (!(thrown instanceof InvalidOptionsError)) throw thrown;
      expect(thrown.faults.length).toBeGreaterThan(0);
      for (const { path, message } of thrown.faults) {
        expect(typeof path).toBe('string');
        expect(message).not.toBe('');
        expect(thrown.message).toContain(`  - ${path}: ${message}`);
      }
    }
  }

  it('either resolves or throws an InvalidOptionsError', () => {
    fc.assert(fc.property(anything, check), { numRuns: 500 });
  });

  it('does so if some options have other values', () => {
    const changes = fc.array(fc.tuple(fc.constantFrom(...NAMES), value), { minLength: 1, maxLength: 6 });
    fc.assert(
      fc.property(changes, (changed) => {
        const given: Record<string, unknown> = { ...MINIMAL };
        for (const [path, other] of changed) {
          const [name = '', inner] = path.split('.');
          if (!inner) given[name] = other;
          else given[name] = { ...(given[name] as object | undefined), [inner]: other };
        }
        check(given);
      }),
      { numRuns: 1_000 },
    );
  });
});
