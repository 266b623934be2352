import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { Logger, Module } from '@nestjs/common';
import { ConfigModule, ConfigService, type ConfigType } from '@nestjs/config';
import { NestFactory } from '@nestjs/core';
import fc from '../support/fast-check.js';
import { type MicroserviceOptions, Transport } from '@nestjs/microservices';
import {
  type SidecarAgentConfig,
  sidecarAgentConfig,
  type SidecarAgentDefaults,
  sidecarAgentConfigWith,
} from '../../lib/config/index.js';
import { InvalidSettingsError, SidecarAgent, SidecarAgentModule } from '../../lib/index.js';
import { EmbeddedAgent } from '../../lib/testing/index.js';
import { freePort } from '../support/free-port.js';
import { LogBook } from '../support/greeter-app.js';
import { GreeterModule, greeterGrpcOptions } from '../support/greeter.js';

const NAMED = {
  APP_ID: '10001',
  APP_NAME: 'greeter-center',
  APP_ENV: 'test',
  APP_VERSION: 'v1.3.4',
  SERVICE_NAME: 'greeter',
};
const SECRET = 's3cr3t-of-the-app';

describe('sidecarAgentConfig', () => {
  const before = { ...process.env };
  const home = process.cwd();
  let folder: string;

  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), 'settings-'));
    process.chdir(folder);
  });

  afterEach(() => {
    process.chdir(home);
    rmSync(folder, { recursive: true });
    for (const name of Object.keys(process.env)) if (!(name in before)) delete process.env[name];
    Object.assign(process.env, before);
  });

  const set = (variables: Record<string, string>) => Object.assign(process.env, variables);

  function writeFile(name: string, content: object): void {
    mkdirSync(join(folder, 'conf'), { recursive: true });
    writeFileSync(join(folder, name), JSON.stringify(content));
  }

  function refusal(config: SidecarAgentConfig = sidecarAgentConfig): InvalidSettingsError {
    try {
      config();
    } catch (thrown) {
      if (thrown instanceof InvalidSettingsError) return thrown;
      throw thrown;
    }
    throw new Error('it was taken');
  }

  const lines = (error: InvalidSettingsError) =>
    error.faults.map(({ path, message }) => `${path}: ${message}`);

  it('reads every variable of its table', () => {
    set({
      ...NAMED,
      APP_INSTANCE_ID: 'one',
      APP_SECRET: SECRET,
      SERVICE_NAMESPACE: 'iam',
      SERVICE_TYPE: 'job',
      SERVICE_CLUSTER_DOMAIN: 'mesh.acme',
      SERVICE_PORT: '9091',
      SERVICE_WEIGHT: '50',
      SERVER_PORT: ' 10500 ',
      MANAGED_PORT: '0',
      SIDECAR_AGENT_BASE_URL: 'https://127.0.0.1:18600/admin',
      SIDECAR_AGENT_WATCH_URL: '/events',
      SIDECAR_AGENT_SOCKET_PATH: '/run/agent.sock',
      SIDECAR_AGENT_DIALECT: 'node',
      SIDECAR_AGENT_GRACE_PERIOD: '0',
      SIDECAR_AGENT_DRAIN_DELAY: '1s',
      SIDECAR_AGENT_SHUTDOWN_TIMEOUT: '40s',
      SIDECAR_AGENT_REQUEST_TIMEOUT: '2s',
      SIDECAR_AGENT_RECONNECT_INTERVAL: '500ms',
      SIDECAR_AGENT_MAX_RECONNECT_INTERVAL: '3s',
      SIDECAR_AGENT_REASSERT_INTERVAL: '0',
      SIDECAR_AGENT_IDLE_TIMEOUT: '20s',
      SIDECAR_AGENT_PROBE_PATHS: ' /up, /api/metrics',
      SIDECAR_AGENT_MAX_EVENT_BYTES: '4096',
      SIDECAR_AGENT_ANNOUNCE_INFRASTRUCTURE: 'true',
      SIDECAR_AGENT_GATEWAY_MANIFEST_PATH: 'gateway.json',
      SIDECAR_AGENT_HOLD_PROCESS_EXIT: 'true',
      SIDECAR_AGENT_ENABLED: 'False',
      SIDECAR_AGENT_WAIT_FOR_REGISTRATION: 'true',
    });
    expect(sidecarAgentConfig()).toEqual({
      app: {
        id: '10001',
        name: 'greeter-center',
        env: 'test',
        version: 'v1.3.4',
        instanceId: 'one',
        secret: SECRET,
      },
      service: {
        name: 'greeter',
        namespace: 'iam',
        type: 'job',
        clusterDomain: 'mesh.acme',
        port: 9091,
        weight: 50,
      },
      serverPort: 10500,
      managedPort: 0,
      baseUrl: 'https://127.0.0.1:18600/admin',
      watchUrl: '/events',
      socketPath: '/run/agent.sock',
      dialect: 'node',
      gracePeriod: '0',
      drainDelay: '1s',
      shutdownTimeout: '40s',
      requestTimeout: '2s',
      reconnectInterval: '500ms',
      maxReconnectInterval: '3s',
      reassertInterval: '0',
      idleTimeout: '20s',
      probePaths: ['/up', '/api/metrics'],
      maxEventBytes: 4096,
      announceInfrastructure: true,
      gatewayManifestPath: 'gateway.json',
      holdProcessExit: true,
      enabled: false,
      waitForRegistration: true,
    });
  });

  it('ignores an empty variable, and reads text that looks like a number as text', () => {
    set({ ...NAMED, APP_VERSION: '1', SERVICE_NAMESPACE: '', SIDECAR_AGENT_ENABLED: ' ' });
    expect(sidecarAgentConfig()).toEqual({
      app: { id: '10001', name: 'greeter-center', env: 'test', version: '1' },
      service: { name: 'greeter' },
    });
  });

  it('needs no variable if one turns the module off', () => {
    set({ SIDECAR_AGENT_ENABLED: 'false' });
    expect(sidecarAgentConfig()).toEqual({ app: {}, service: {}, enabled: false });
    set({ SIDECAR_AGENT_ENABLED: 'false', SERVER_PORT: 'x' });
    expect(lines(refusal())).toEqual([expect.stringContaining('SERVER_PORT: must be')]);
    set({ SIDECAR_AGENT_ENABLED: 'true' });
    expect(lines(refusal())).toHaveLength(6);
  });

  it('names every variable that is missing or bad, with its value', () => {
    set({
      APP_ID: '10001',
      APP_SECRET: SECRET,
      SERVICE_NAME: 'greeter',
      SERVER_PORT: '105OO',
      SERVICE_WEIGHT: '0',
      SIDECAR_AGENT_GRACE_PERIOD: '3000',
      SIDECAR_AGENT_ENABLED: 'yes',
      SIDECAR_AGENT_BASE_URL: '127.0.0.1:15010',
    });
    expect(lines(refusal())).toEqual([
      'APP_NAME: is required: set it, or app.name in conf/bootstrap.json',
      'APP_ENV: is required: set it, or app.env in conf/bootstrap.json',
      'APP_VERSION: is required: set it, or app.version in conf/bootstrap.json',
      'SERVICE_WEIGHT: must be a whole number above 0, got 0',
      'SERVER_PORT: must be a whole number from 1 to 65535, got "105OO"',
      'SIDECAR_AGENT_BASE_URL: must be an http or https URL such as "http://127.0.0.1:15010", got "127.0.0.1:15010"',
      'SIDECAR_AGENT_GRACE_PERIOD: must be a duration with its unit such as "20s" or "1m30s", 0 or from 1 to 2147483647 ms, got "3000"',
      'SIDECAR_AGENT_ENABLED: must be true or false, got "yes"',
    ]);
    expect(refusal().message).not.toContain(SECRET);
  });

  it('throws only its own error, whatever the environment holds', () => {
    const names = [
      'SERVER_PORT',
      'SERVICE_WEIGHT',
      'SIDECAR_AGENT_BASE_URL',
      'SIDECAR_AGENT_IDLE_TIMEOUT',
      'SIDECAR_AGENT_ENABLED',
    ];
    const text = fc
      .oneof(fc.string(), fc.integer().map(String), fc.webUrl())
      .map((it) => it.replaceAll('\0', ''));
    fc.assert(
      fc.property(fc.constantFrom(...names), text, (name, value) => {
        set({ ...NAMED, [name]: value });
        try {
          sidecarAgentConfig();
        } catch (thrown) {
          expect(thrown).toBeInstanceOf(InvalidSettingsError);
          expect(lines(thrown as InvalidSettingsError)).toEqual([expect.stringMatching(`^${name}: `)]);
        } finally {
          delete process.env[name];
        }
      }),
      { numRuns: 300 },
    );
  });

  describe('over a bootstrap file', () => {
    const file = {
      app: { id: '1', name: 'of-the-file', env: 'prod', version: 'v1' },
      service: { name: 'auth', port: 9999 },
      server_port: 10500,
      sidecar_agent: { base_url: 'http://127.0.0.1:1', grace_period: '7s' },
    };

    it('takes the variable if it is set, and otherwise the field', () => {
      writeFile('conf/bootstrap.json', file);
      set({ APP_ENV: 'test', SIDECAR_AGENT_BASE_URL: 'http://127.0.0.1:2' });
      expect(sidecarAgentConfig()).toEqual({
        app: { id: '1', name: 'of-the-file', env: 'test', version: 'v1' },
        service: { name: 'auth', port: 9999 },
        serverPort: 10500,
        baseUrl: 'http://127.0.0.1:2',
        gracePeriod: '7s',
      });
    });

    it('that SIDECAR_AGENT_BOOTSTRAP_FILE names', () => {
      writeFile('other.json', file);
      set({ SIDECAR_AGENT_BOOTSTRAP_FILE: 'other.json' });
      expect(sidecarAgentConfig()).toMatchObject({ app: { name: 'of-the-file' } });
    });

    it('that is named and does not exist, is not required if the module is turned off', () => {
      set({ SIDECAR_AGENT_ENABLED: 'false', SIDECAR_AGENT_BOOTSTRAP_FILE: 'none.json' });
      expect(sidecarAgentConfig()).toEqual({ app: {}, service: {}, enabled: false });
      expect(sidecarAgentConfigWith({ serverPort: 1 })()).toMatchObject({ enabled: false, serverPort: 1 });
    });

    it('that is named and does not exist, says so', () => {
      set({ ...NAMED, SIDECAR_AGENT_BOOTSTRAP_FILE: 'none.json' });
      expect(lines(refusal())).toEqual([
        `none.json: there is no file ${join(process.cwd(), 'none.json')}: create it, or correct SIDECAR_AGENT_BOOTSTRAP_FILE`,
      ]);
    });

    it('names file and field, and variable, in one error', () => {
      writeFile('conf/bootstrap.json', { ...file, server_port: -1 });
      set({ SERVICE_PORT: 'x' });
      expect(lines(refusal())).toEqual([
        'SERVICE_PORT: must be a whole number from 1 to 65535, got "x"',
        'conf/bootstrap.json: server_port: must be a whole number from 1 to 65535, got -1',
      ]);
    });

    it('names the list if one of its entries has a fault', () => {
      writeFile('conf/bootstrap.json', { ...file, sidecar_agent: { probe_paths: ['/up', 7] } });
      expect(lines(refusal())).toEqual([
        'conf/bootstrap.json: sidecar_agent.probe_paths: must be a string, got 7',
      ]);
      set({ SIDECAR_AGENT_PROBE_PATHS: '/up,metrics' });
      expect(lines(refusal())).toEqual([
        'SIDECAR_AGENT_PROBE_PATHS: must be a path that starts with "/", without a query, got "metrics"',
      ]);
    });

    it('ignores a field that a variable overrides', () => {
      writeFile('conf/bootstrap.json', { ...file, server_port: -1 });
      set({ SERVER_PORT: '10500' });
      expect(sidecarAgentConfig()).toMatchObject({ serverPort: 10500 });
    });
  });

  describe('with defaults from code', () => {
    const onError = () => {};
    const defaults: SidecarAgentDefaults = {
      app: { name: 'of-the-code', version: 'v9' },
      service: { name: 'greeter', weight: 10 },
      drainDelay: 100,
      onError,
    };

    it('takes those that neither variable nor file sets', () => {
      set({ APP_ID: '1', APP_ENV: 'test', APP_VERSION: 'v10' });
      expect(sidecarAgentConfigWith(defaults)()).toEqual({
        app: { id: '1', name: 'of-the-code', env: 'test', version: 'v10' },
        service: { name: 'greeter', weight: 10 },
        drainDelay: 100,
        onError,
      });
    });

    it('names a bad default as a default', () => {
      set(NAMED);
      expect(lines(refusal(sidecarAgentConfigWith({ serverPort: -1 })))).toEqual([
        'the default of serverPort: must be a whole number from 1 to 65535, got -1',
      ]);
    });

    it('names a default that JSON cannot hold', () => {
      set(NAMED);
      const serverPort = 9090n as unknown as number;
      expect(lines(refusal(sidecarAgentConfigWith({ serverPort })))).toEqual([
        'the default of serverPort: must be a whole number from 1 to 65535, got 9090n',
      ]);
    });
  });

  describe('in an application', () => {
    let agent: EmbeddedAgent;

    beforeEach(async () => {
      agent = new EmbeddedAgent();
      await agent.start();
    });

    afterEach(() => agent.stop());

    it('registers what environment and file say', async () => {
      const port = await freePort();
      set({ ...NAMED, SIDECAR_AGENT_BASE_URL: agent.url, SIDECAR_AGENT_DRAIN_DELAY: '0' });
      writeFile('conf/bootstrap.json', { service: { namespace: 'of-the-file' }, server_port: port });

      @Module({
        imports: [
          GreeterModule,
          SidecarAgentModule.forRootAsync({
            imports: [ConfigModule.forFeature(sidecarAgentConfig)],
            inject: [sidecarAgentConfig.KEY],
            useFactory: (config: ConfigType<typeof sidecarAgentConfig>) => ({
              ...config,
              grpc: greeterGrpcOptions(port),
            }),
          }),
          ConfigModule.forRoot({ load: [sidecarAgentConfig], ignoreEnvFile: true }),
        ],
      })
      class AppModule {}

      const logger = new LogBook();
      Logger.overrideLogger(logger);
      const app = await NestFactory.createMicroservice<MicroserviceOptions>(AppModule, {
        transport: Transport.GRPC,
        options: greeterGrpcOptions(port),
        logger,
      });
      await app.listen();
      await app.get(SidecarAgent).registered();
      expect(app.get(SidecarAgent).node).toMatchObject({
        app: { id: '10001', env: 'test' },
        dns: 'greeter.of-the-file.svc.cluster.local',
        serverPort: port,
      });
      expect(app.get(ConfigService).get('sidecarAgent.service.namespace')).toBe('of-the-file');
      await app.close();
    });
  });
});
