import { type DynamicModule, Inject, Injectable, Module, type Type } from '@nestjs/common';
import { ConfigModule, ConfigService, type ConfigType, registerAs } from '@nestjs/config';
import { type MicroserviceOptions, Transport } from '@nestjs/microservices';
import { Test } from '@nestjs/testing';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { sidecarAgentConfig, sidecarAgentConfigWith } from '../../lib/config/index.js';
import {
  getSidecarAgentToken,
  InjectSidecarAgent,
  SidecarAgent,
  SidecarAgentModule,
  type SidecarAgentOptions,
  type SidecarAgentOptionsFactory,
} from '../../lib/index.js';
import { EmbeddedAgent, withoutSidecarAgent } from '../../lib/testing/index.js';
import { GreeterModule, greeterGrpcOptions } from '../support/greeter.js';
import { freePort } from '../support/free-port.js';
import { greeterOptions } from '../support/greeter-app.js';

/** The variables of a service in production, which a test does not have. */
const VARIABLES = { APP_ID: '7', APP_NAME: 'shop', APP_ENV: 'test', APP_VERSION: 'v1', SERVICE_NAME: 'cart' };

@Injectable()
class MissingConfig implements SidecarAgentOptionsFactory {
  createSidecarAgentOptions(): SidecarAgentOptions {
    throw new Error('APP_ID is missing');
  }
}

@Module({ providers: [MissingConfig], exports: [MissingConfig] })
class SettingsModule {}

@Injectable()
class Billing {
  constructor(@InjectSidecarAgent('factory') readonly sidecar: SidecarAgent) {}
}

@Module({
  imports: [
    SidecarAgentModule.forRoot(greeterOptions(1, {})),
    SidecarAgentModule.forRoot(greeterOptions(1, { name: 'named', isGlobal: false })),
    SidecarAgentModule.forRootAsync({
      name: 'factory',
      useFactory: () => Promise.reject(new Error('APP_ID is missing')),
    }),
    SidecarAgentModule.forRootAsync({ name: 'class', useClass: MissingConfig }),
    SidecarAgentModule.forRootAsync({
      name: 'existing',
      imports: [SettingsModule],
      useExisting: MissingConfig,
    }),
    SidecarAgentModule.forRootAsync({ name: 'config', ...sidecarAgentConfig.asProvider() }),
  ],
  providers: [Billing],
})
class AppModule {}

/** Without `sidecarAgentConfig`, which `ConfigService` would merge with another namespace. */
const ModuleAlone = SidecarAgentModule.forRoot(greeterOptions(1, {}));

const NAMES = [undefined, 'named', 'factory', 'class', 'existing', 'config'];

describe('withoutSidecarAgent', () => {
  let agent: EmbeddedAgent;

  beforeEach(async () => {
    agent = new EmbeddedAgent();
    await agent.start();
  });

  afterEach(async () => {
    for (const name of Object.keys(VARIABLES)) delete process.env[name];
    await agent.stop();
  });

  it('returns the builder', () => {
    const builder = Test.createTestingModule({ imports: [AppModule] });
    expect(withoutSidecarAgent(builder)).toBe(builder);
  });

  it('turns off every module of a static AppModule, and does not ask their factories', async () => {
    const module = await withoutSidecarAgent(Test.createTestingModule({ imports: [AppModule] })).compile();
    const app = module.createNestApplication();
    await app.init();
    const agents = NAMES.map((name) => app.get<SidecarAgent>(getSidecarAgentToken(name), { strict: false }));
    expect(agents.map((each) => each.status().phase)).toEqual(NAMES.map(() => 'disabled'));
    expect(app.get(Billing).sidecar).toBe(agents[NAMES.indexOf('factory')]);
    await app.close();
  });

  it('fails as the application does without it', async () => {
    const module = Test.createTestingModule({ imports: [AppModule] }).compile();
    await expect(module).rejects.toThrow(/is missing|is required/);
  });

  it('affects its own testing module alone', async () => {
    const port = await freePort();
    const options = greeterOptions(port, agent.options());
    @Module({ imports: [GreeterModule, SidecarAgentModule.forRoot(options)] })
    class GreeterApp {}
    const compile = (builder = Test.createTestingModule({ imports: [GreeterApp] })) => builder.compile();
    const off = await compile(withoutSidecarAgent(Test.createTestingModule({ imports: [GreeterApp] })));
    const on = await compile();
    const listening = await Promise.all(
      [off, on].map(async (module, index) => {
        const grpc = index === 0 ? greeterGrpcOptions(await freePort()) : greeterGrpcOptions(port);
        const app = module.createNestMicroservice<MicroserviceOptions>({
          transport: Transport.GRPC,
          options: grpc,
        });
        await app.listen();
        return app;
      }),
    );
    const [without, withAgent] = listening.map((app) => app.get(SidecarAgent));
    await withAgent?.registered();
    expect(without?.status().phase).toBe('disabled');
    expect(agent.services()).toHaveLength(1);
    await Promise.all(listening.map((app) => app.close()));
    expect(agent.requests().map(({ path }) => path)).toEqual([
      '/watch',
      '/register',
      '/drain',
      '/deregister',
    ]);
  });

  describe('with the namespace of @nestjs/config', () => {
    /** What other code of the application reads. */
    @Injectable()
    class Version {
      constructor(
        @Inject(sidecarAgentConfig.KEY) readonly config: ConfigType<typeof sidecarAgentConfig>,
        readonly service: ConfigService,
      ) {}
    }

    const read = async (
      namespace: () => object = sidecarAgentConfig,
      app: Type | DynamicModule = AppModule,
    ) => {
      const config = ConfigModule.forRoot({ load: [namespace], ignoreEnvFile: true });
      const builder = Test.createTestingModule({ imports: [config, app], providers: [Version] });
      return (await withoutSidecarAgent(builder).compile()).get(Version);
    };

    it('has the same token for every namespace of the module', () => {
      expect(sidecarAgentConfig.KEY).toBe('CONFIGURATION(sidecarAgent)');
      expect(sidecarAgentConfigWith({}).KEY).toBe(sidecarAgentConfig.KEY);
    });

    it('leaves to other code what is set', async () => {
      Object.assign(process.env, VARIABLES);
      const { config, service } = await read();
      expect(config).toEqual({
        app: { id: '7', name: 'shop', env: 'test', version: 'v1' },
        service: { name: 'cart' },
        enabled: false,
      });
      expect(service.get('sidecarAgent.app.version')).toBe('v1');
    });

    it('does not complain of what is missing', async () => {
      const { config, service } = await read();
      expect(config).toEqual({ app: {}, service: {}, enabled: false });
      expect(service.get('sidecarAgent.app.version')).toBeUndefined();
    });

    it('keeps the defaults of the code, below the environment', async () => {
      Object.assign(process.env, { APP_NAME: 'shop of the test' });
      const onError = () => {};
      const defaults = { app: { name: 'shop', version: 'v2' }, serverPort: 10500, onError };
      const { config, service } = await read(sidecarAgentConfigWith(defaults), ModuleAlone);
      expect(config).toEqual({
        app: { name: 'shop of the test', version: 'v2' },
        service: {},
        serverPort: 10500,
        onError,
        enabled: false,
      });
      expect(service.get('sidecarAgent.app.version')).toBe('v2');
    });

    it('does not replace a namespace of yours with the same name', async () => {
      const { config, service } = await read(
        registerAs('sidecarAgent', () => ({ own: 7 })),
        ModuleAlone,
      );
      expect(config).toEqual({ own: 7 });
      expect(service.get('sidecarAgent.own')).toBe(7);
    });

    it('checks the settings of a builder that compiles at the same time', async () => {
      const config = ConfigModule.forFeature(sidecarAgentConfig);
      const compile = () => Test.createTestingModule({ imports: [config] });
      const [off, on] = await Promise.allSettled([
        withoutSidecarAgent(compile()).compile(),
        compile().compile(),
      ]);
      expect(off.status).toBe('fulfilled');
      expect(on).toMatchObject({ reason: { name: 'InvalidSettingsError' } });
    });
  });
});
