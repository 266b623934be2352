import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import fc from '../support/fast-check.js';
import { bootstrapOptions, InvalidSettingsError, SidecarAgentError } from '../../lib/index.js';
import { resolveOptions } from '../../lib/options/resolve-options.js';

const SECRET = 'UnkK-s3cr3t-of-the-app';
/** The file of a service in Go, with fields that the module ignores. */
const FILE = {
  app: { id: '10001', env: 'prod', name: 'auth-center', secret: SECRET, version: 'v1.3.4', instance_id: '' },
  logger: { console: true, remote: false },
  service: {
    name: 'auth',
    type: 'svc',
    namespace: 'default',
    cluster_domain: 'cluster.local',
    port: 9090,
    weight: 100,
  },
  server_port: 10500,
  managed_port: 10501,
  sidecar_agent: {
    base_url: 'http://127.0.0.1:15010',
    watch_url: '',
    grace_period: '20s',
    request_timeout: 3_000_000_000,
    reconnect_interval: 0,
    gateway_manifest_path: 'dep/protobuf/gen/gateway.manifest.json',
  },
  authz_verification: { enabled: false },
};

describe('bootstrapOptions', () => {
  let folder: string;
  let path: string;
  const home = process.cwd();

  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), 'bootstrap-'));
    path = join(folder, 'conf', 'bootstrap.json');
    mkdirSync(dirname(path));
    process.chdir(folder);
  });

  afterEach(() => {
    process.chdir(home);
    rmSync(folder, { recursive: true });
  });

  const write = (content: unknown) =>
    writeFileSync(path, typeof content === 'string' ? content : JSON.stringify(content));

  function refusal(content: unknown): InvalidSettingsError {
    write(content);
    try {
      bootstrapOptions(path);
    } catch (thrown) {
      if (thrown instanceof InvalidSettingsError) return thrown;
      throw thrown;
    }
    throw new Error('it was taken');
  }

  const faults = (content: unknown) =>
    refusal(content).faults.map((fault) => `${fault.path.replace(`${path}: `, '')}: ${fault.message}`);

  it('reads the file of a service in Go, and leaves out what means "not set" in Go', () => {
    write(FILE);
    expect(bootstrapOptions()).toEqual({
      app: { id: '10001', env: 'prod', name: 'auth-center', secret: SECRET, version: 'v1.3.4' },
      service: {
        name: 'auth',
        type: 'svc',
        namespace: 'default',
        clusterDomain: 'cluster.local',
        port: 9090,
        weight: 100,
      },
      serverPort: 10500,
      managedPort: 10501,
      baseUrl: 'http://127.0.0.1:15010',
      gracePeriod: '20s',
      requestTimeout: 3_000,
      gatewayManifestPath: 'dep/protobuf/gen/gateway.manifest.json',
    });
  });

  it('reads the options that Go does not have, and a byte order mark', () => {
    const sidecar_agent = {
      ...FILE.sidecar_agent,
      socket_path: '/run/sidecar.sock',
      dialect: 'flat',
      drain_delay: '2s',
      shutdown_timeout: '1m',
      hold_process_exit: true,
      max_reconnect_interval: 10_000_000_000,
      reassert_interval: '10s',
      idle_timeout: '30s',
      probe_paths: ['/up', '/api/metrics'],
      max_event_bytes: 4096,
      registration_file: '/run/shop/registration.json',
      enabled: false,
      wait_for_registration: 5_000_000_000,
    };
    write(`\uFEFF${JSON.stringify({ ...FILE, sidecar_agent })}`);
    expect(bootstrapOptions(path)).toMatchObject({
      socketPath: '/run/sidecar.sock',
      dialect: 'flat',
      drainDelay: '2s',
      shutdownTimeout: '1m',
      holdProcessExit: true,
      maxReconnectInterval: 10_000,
      reassertInterval: '10s',
      idleTimeout: '30s',
      probePaths: ['/up', '/api/metrics'],
      maxEventBytes: 4096,
      registrationFile: '/run/shop/registration.json',
      enabled: false,
      waitForRegistration: 5_000,
    });
  });

  it('says what to do if there is no file', () => {
    expect(() => bootstrapOptions()).toThrow(
      `conf/bootstrap.json: there is no file ${join(process.cwd(), 'conf/bootstrap.json')}: create it, start the service in the folder above, or pass its path to bootstrapOptions`,
    );
  });

  it('throws an error of the package, of a stable kind, for a folder too', () => {
    const thrown = expect(() => bootstrapOptions(folder));
    thrown.toThrow(InvalidSettingsError);
    thrown.toThrow(SidecarAgentError);
    thrown.toThrow('(EISDIR): give a file that this user may read');
    expect(refusal({})).toMatchObject({ kind: 'invalid_options', name: 'InvalidSettingsError' });
  });

  it('names every fault at once, with the file, the field and the value', () => {
    const error = refusal({
      app: { ...FILE.app, id: 7, env: ' ', version: undefined },
      service: { ...FILE.service, weight: -1 },
      server_port: 99_999,
      sidecar_agent: {
        base_url: 'ftp://agent',
        grace_period: 'soon',
        request_timeout: 3_000_000_000,
        dialect: 'go',
      },
    });
    expect(error.message.split('\n')).toEqual([
      'SidecarAgentModule cannot use these settings:',
      `  - ${path}: app.version: is required`,
      `  - ${path}: app.id: must be a string, got 7`,
      `  - ${path}: app.env: must not be blank, got " "`,
      `  - ${path}: service.weight: must be a whole number above 0, got -1`,
      `  - ${path}: server_port: must be a whole number from 1 to 65535, got 99999`,
      expect.stringMatching(/sidecar_agent\.base_url: must be an http or https URL .*, got "ftp:\/\/agent"$/),
      `  - ${path}: sidecar_agent.dialect: must be "auto", "node" or "flat", got "go"`,
      `  - ${path}: sidecar_agent.grace_period: must be a duration with its unit such as "20s" or "1m30s", 0 or from 1 to 2147483647 ms, got "soon"`,
    ]);
    expect(error.faults).toHaveLength(8);
  });

  it.each([
    [
      'a section that is not an object',
      { ...FILE, app: 'x', sidecar_agent: [] },
      ['app: must be an object, got a string', 'sidecar_agent: must be an object, got a list'],
    ],
    [
      'a duration in milliseconds',
      { ...FILE, sidecar_agent: { request_timeout: 3_000 } },
      [
        'sidecar_agent.request_timeout: must be at least 1 ms: a number is nanoseconds, as in Go\'s time.Duration, got 3000; write "3000ms" or "3000s"',
      ],
    ],
    [
      'a bad duration and a bad section, with every other fault',
      { ...FILE, service: [], server_port: 0.5, sidecar_agent: { request_timeout: 3_000, dialect: 'go' } },
      [
        'service: must be an object, got a list',
        expect.stringMatching(
          /^sidecar_agent.request_timeout: must be at least 1 ms: a number is nanoseconds/,
        ),
        expect.stringMatching(/^server_port: must be/),
        expect.stringMatching(/^sidecar_agent.dialect: must be/),
      ],
    ],
    [
      'a required field that is empty',
      { ...FILE, service: { ...FILE.service, name: '' } },
      ['service.name: is required'],
    ],
    [
      'an address that is not a URL',
      { ...FILE, sidecar_agent: { base_url: 'http://a:1', watch_url: 'ftp://a:1/watch' } },
      [
        expect.stringMatching(
          /^sidecar_agent\.watch_url: must be an http or https URL .*, got "ftp:\/\/a:1\/watch"$/,
        ),
      ],
    ],
  ])('%s', (_, content, expected) => {
    expect(faults(content)).toEqual(expected);
  });

  it('leaves it to the module to compare options, since code may give others', () => {
    const sidecar_agent = {
      watch_url: 'https://mesh/watch',
      max_reconnect_interval: '500ms',
      gateway_manifest_path: 'gateway.manifest.json',
    };
    write({ ...FILE, sidecar_agent });
    const given = { ...bootstrapOptions(path), grpc: { package: 'a' } };
    const whole = { ...given, baseUrl: 'https://mesh', reconnectInterval: 100 };
    expect(resolveOptions(whole)).toMatchObject({
      endpoint: { origin: 'https://mesh' },
      maxReconnectInterval: 500,
    });
    expect(() => resolveOptions(given)).toThrow(/watchUrl: must have[^]*maxReconnectInterval: must not/);
  });

  it.each([
    ['null', 'must hold an object, got null'],
    ['[1]', 'must hold an object, got a list'],
    ['"text"', 'must hold an object, got a string'],
    ['{\n  "app": {,\n}', 'not valid JSON at line 2, column 11'],
    ['', 'not valid JSON at line 1, column 1'],
  ])('of %j says: %s', (content, message) => {
    expect(refusal(content).faults).toEqual([{ path, message: expect.stringContaining(message) }]);
  });

  it.each([
    ['that is no text', { ...FILE, app: { ...FILE.app, secret: { value: SECRET } } }],
    ['beside another fault', { ...FILE, server_port: 'x' }],
    ['in a file that is no JSON', `{"app":{"secret":"${SECRET}"`],
    ['in a file that is no JSON, at the fault', `{"app":{"secret":"${SECRET}" x}}`],
    ['in an address', { ...FILE, sidecar_agent: { base_url: `http://me:${SECRET}@127.0.0.1` } }],
    [
      'in the query of an address',
      { ...FILE, sidecar_agent: { base_url: `http://127.0.0.1/?token=${SECRET}` } },
    ],
  ])('shows no secret %s', (_, content) => {
    const error = refusal(content);
    expect(JSON.stringify([error.message, error.stack, error.faults, error.cause ?? null])).not.toContain(
      SECRET,
    );
  });

  it('refuses an address that is an object with a toString of its own', () => {
    const error = refusal(JSON.stringify({ ...FILE, sidecar_agent: { base_url: { toString: false } } }));
    expect(error.faults).toEqual([
      {
        path: `${path}: sidecar_agent.base_url`,
        message: 'must be a string, got an object',
      },
    ]);
  });

  it('throws only its own error, whatever the file holds', () => {
    fc.assert(
      fc.property(
        fc.oneof(
          fc.jsonValue(),
          fc.record({ app: fc.jsonValue(), service: fc.jsonValue(), sidecar_agent: fc.jsonValue() }),
          fc.record({ app: fc.dictionary(fc.constantFrom(...Object.keys(FILE.app)), fc.jsonValue()) }),
          fc.record({
            sidecar_agent: fc.dictionary(fc.constantFrom(...Object.keys(FILE.sidecar_agent)), fc.jsonValue()),
          }),
        ),
        (content) => {
          const error = refusal(JSON.stringify(content));
          return error.faults.length > 0;
        },
      ),
      { numRuns: 300 },
    );
  });
});
