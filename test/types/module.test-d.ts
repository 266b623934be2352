import { type DynamicModule, Injectable, type InjectionToken, Module } from '@nestjs/common';
import { expectTypeOf } from 'expect-type';
import {
  type DisabledOptions,
  getSidecarAgentToken,
  InjectSidecarAgent,
  RegistrationController,
  type ServiceChanges,
  SidecarAgent,
  SidecarAgentModule,
  type SidecarAgentModuleExtras,
  type SidecarAgentOptions,
  type SidecarAgentOptionsFactory,
  SidecarClient,
  SidecarIgnore,
  type SidecarStatus,
  SidecarStatusService,
  WatchService,
} from '../../lib/index.js';

const options: SidecarAgentOptions = {
  app: { id: '10001', name: 'auth-center', env: 'prod', version: 'v1.3.4' },
  service: { name: 'auth' },
  grpc: { package: 'acme.auth.v1', protoPath: 'auth.proto', url: '0.0.0.0:10500' },
};

class Settings {
  readonly app = options.app;
  readonly port: number = 10500;
}

@Module({ providers: [Settings], exports: [Settings] })
class SettingsModule {}

// forRoot

expectTypeOf(SidecarAgentModule.forRoot(options)).toEqualTypeOf<DynamicModule>();
expectTypeOf(
  SidecarAgentModule.forRoot({ ...options, isGlobal: false, providers: [Settings] }),
).toEqualTypeOf<DynamicModule>();
expectTypeOf<SidecarAgentModuleExtras>().toHaveProperty('isGlobal').toEqualTypeOf<boolean | undefined>();

// @ts-expect-error options are needed
SidecarAgentModule.forRoot();
// @ts-expect-error there is no app without a service
SidecarAgentModule.forRoot({ app: options.app });
// @ts-expect-error there is no such option
SidecarAgentModule.forRoot({ ...options, gracePeriods: '20s' });
// @ts-expect-error a port is a number
SidecarAgentModule.forRoot({ ...options, serverPort: '10500' });
// @ts-expect-error it is true or false
SidecarAgentModule.forRoot({ ...options, isGlobal: 'yes' });
// @ts-expect-error options may come late, but not like this
SidecarAgentModule.forRoot(Promise.resolve(options));

// forRootAsync with a factory

expectTypeOf(SidecarAgentModule.forRootAsync({ useFactory: () => options })).toEqualTypeOf<DynamicModule>();
SidecarAgentModule.forRootAsync({ useFactory: () => Promise.resolve(options), isGlobal: false });
SidecarAgentModule.forRootAsync({
  imports: [SettingsModule],
  inject: [Settings],
  useFactory: (settings: Settings) => ({ ...options, app: settings.app, serverPort: settings.port }),
  providers: [Settings],
});
SidecarAgentModule.forRootAsync({
  inject: [{ token: Settings, optional: true }],
  useFactory: (settings?: Settings) => ({ ...options, serverPort: settings?.port }),
});

// @ts-expect-error a factory must make options
SidecarAgentModule.forRootAsync({ useFactory: () => ({ app: options.app }) });
// @ts-expect-error and of the right type
SidecarAgentModule.forRootAsync({ useFactory: () => Promise.resolve({ ...options, enabled: 'no' }) });
// @ts-expect-error there is no such dialect
SidecarAgentModule.forRootAsync({ useFactory: () => ({ ...options, dialect: 'go' }) });

// forRootAsync with a class

@Injectable()
class OptionsFactory implements SidecarAgentOptionsFactory {
  createSidecarAgentOptions(): SidecarAgentOptions {
    return options;
  }
}

@Injectable()
class LateOptionsFactory implements SidecarAgentOptionsFactory {
  constructor(readonly settings: Settings) {}

  async createSidecarAgentOptions(): Promise<SidecarAgentOptions> {
    return Promise.resolve({ ...options, app: this.settings.app });
  }
}

class NoFactory {
  createOptions(): SidecarAgentOptions {
    return options;
  }
}

SidecarAgentModule.forRootAsync({ useClass: OptionsFactory });
SidecarAgentModule.forRootAsync({ useClass: LateOptionsFactory, isGlobal: true });
SidecarAgentModule.forRootAsync({ imports: [SettingsModule], useExisting: LateOptionsFactory });

// @ts-expect-error the method has another name
SidecarAgentModule.forRootAsync({ useClass: NoFactory });
// @ts-expect-error the method has another name
SidecarAgentModule.forRootAsync({ useExisting: NoFactory });

expectTypeOf<SidecarAgentOptionsFactory['createSidecarAgentOptions']>().returns.toEqualTypeOf<
  SidecarAgentOptions | DisabledOptions | Promise<SidecarAgentOptions | DisabledOptions>
>();

// Turned off

SidecarAgentModule.forRoot({ enabled: false });
SidecarAgentModule.forRoot({ enabled: false, name: 'billing', isGlobal: false, providers: [Settings] });
SidecarAgentModule.forRoot({ enabled: false, app: options.app, baseUrl: 'http://127.0.0.1:15010' });
SidecarAgentModule.forRootAsync({ useFactory: () => ({ enabled: false }) });
SidecarAgentModule.forRootAsync({
  useFactory: () => (options.app.env === 'test' ? { enabled: false } : options),
});
expectTypeOf<DisabledOptions>().toEqualTypeOf<{ enabled: false }>();

// @ts-expect-error a given app is whole, although the check at run time accepts a part
SidecarAgentModule.forRoot({ enabled: false, app: { id: '10001' } });
// @ts-expect-error only the module that is turned off needs no other option
SidecarAgentModule.forRoot({ enabled: true });
// @ts-expect-error it may be true
SidecarAgentModule.forRoot({ enabled: options.enabled });
// @ts-expect-error there is no such option
SidecarAgentModule.forRoot({ enabled: false, apps: options.app });
// @ts-expect-error a factory, too
SidecarAgentModule.forRootAsync({ useFactory: () => ({ enabled: true }) });

// What the module provides

export async function useAgent(agent: SidecarAgent): Promise<void> {
  expectTypeOf(agent.registered()).toEqualTypeOf<Promise<void>>();
  expectTypeOf(agent.status()).toEqualTypeOf<SidecarStatus>();
  expectTypeOf(agent.node?.methods).toEqualTypeOf<readonly string[] | undefined>();
  await agent.drain();
  await agent.drain('30s');
  await agent.drain(30_000);
  await agent.deregister();
  await agent.resume();
  expectTypeOf(agent.update).parameters.toEqualTypeOf<[ServiceChanges]>();
  await agent.update({ weight: 10, methods: ['/a.B/C'], httpRoutes: [{ httpMethod: 'GET', path: '/c' }] });
  // @ts-expect-error the name of a service does not change
  await agent.update({ name: 'auth' });
  const route = { httpMethod: 'GET', path: '/c', fullMethod: '/a.B/C' };
  // @ts-expect-error a route of one sort has none of the other's
  await agent.update({ httpRoutes: [{ ...route, stripPrefix: true }] });
  await agent.shutdown();
  // @ts-expect-error a grace period is a length
  await agent.drain({ seconds: 30 });
  // @ts-expect-error what is announced does not change
  if (agent.node) agent.node.serverPort = 1;
}

// Several modules in one application

SidecarAgentModule.forRoot({ ...options, name: 'billing' });
SidecarAgentModule.forRootAsync({ name: 'billing', useFactory: () => options });
// @ts-expect-error a name is a text
SidecarAgentModule.forRoot({ ...options, name: 7 });
// @ts-expect-error the name is the module's, and not the factory's to say
SidecarAgentModule.forRootAsync({ useFactory: (): SidecarAgentOptions => ({ ...options, name: 'billing' }) });

@Injectable()
export class Named {
  @InjectSidecarAgent('billing', WatchService) readonly watch?: WatchService;

  constructor(
    @InjectSidecarAgent('billing') readonly agent: SidecarAgent,
    @InjectSidecarAgent('billing', SidecarStatusService) readonly status: SidecarStatusService,
    @InjectSidecarAgent('billing', SidecarClient) readonly client: SidecarClient,
    @InjectSidecarAgent('billing', RegistrationController) readonly registration: RegistrationController,
    @InjectSidecarAgent() readonly unnamed: SidecarAgent,
  ) {}
}

expectTypeOf(getSidecarAgentToken('billing', SidecarClient)).toEqualTypeOf<InjectionToken>();
// @ts-expect-error a part is a class
getSidecarAgentToken('billing', 'SidecarClient');

// What an http service leaves out

@SidecarIgnore()
export class Ignored {
  @SidecarIgnore(false)
  announced(): void {}
  // @ts-expect-error a route is left out, or it is not
  @SidecarIgnore('GET')
  neither(): void {}
}
