import type { ConfigType } from '@nestjs/config';
import { ConfigModule } from '@nestjs/config';
import { ClientsModule, type GrpcOptions, type Transport } from '@nestjs/microservices';
import { expectTypeOf } from 'expect-type';
import {
  type SidecarAgentConfig,
  sidecarAgentConfig,
  type SidecarAgentDefaults,
  sidecarAgentConfigWith,
} from '../../lib/config/index.js';
import {
  bootstrapOptions,
  grpcClientOptions,
  InvalidSettingsError,
  type MeshClient,
  type OptionFault,
  serviceDns,
  type SidecarAgentError,
  SidecarAgentModule,
  type SidecarAgentOptions,
} from '../../lib/index.js';

const grpc = { package: 'acme.auth.v1', protoPath: 'auth.proto' };

// The bootstrap file

expectTypeOf(bootstrapOptions()).toEqualTypeOf<SidecarAgentOptions>();
expectTypeOf(bootstrapOptions).parameters.toEqualTypeOf<[path?: string]>();
const fromFile = bootstrapOptions('conf/bootstrap.json');
SidecarAgentModule.forRoot({ ...fromFile, grpc, gracePeriod: '30s' });
// @ts-expect-error it is read at once
void bootstrapOptions().then;

export function tell(thrown: unknown): void {
  if (!(thrown instanceof InvalidSettingsError)) return;
  expectTypeOf(thrown).toExtend<SidecarAgentError>();
  expectTypeOf(thrown.faults).toEqualTypeOf<readonly OptionFault[]>();
}

// The namespace of @nestjs/config

expectTypeOf<ConfigType<typeof sidecarAgentConfig>>().toEqualTypeOf<SidecarAgentOptions>();
expectTypeOf(sidecarAgentConfig).toEqualTypeOf<SidecarAgentConfig>();
SidecarAgentModule.forRootAsync({
  imports: [ConfigModule.forFeature(sidecarAgentConfig)],
  inject: [sidecarAgentConfig.KEY],
  useFactory: (config: ConfigType<typeof sidecarAgentConfig>) => ({ ...config, grpc }),
});
SidecarAgentModule.forRootAsync(sidecarAgentConfig.asProvider());

expectTypeOf(sidecarAgentConfigWith).parameters.toEqualTypeOf<[defaults: SidecarAgentDefaults]>();
expectTypeOf(
  sidecarAgentConfigWith({ app: { name: 'auth-center' }, grpc }),
).toEqualTypeOf<SidecarAgentConfig>();
// @ts-expect-error there is no such option
sidecarAgentConfigWith({ app: { title: 'auth-center' } });

// Other services

expectTypeOf(serviceDns({ name: 'auth' })).toBeString();
// @ts-expect-error a name is needed
serviceDns({ namespace: 'default' });

expectTypeOf(grpcClientOptions('auth', grpc)).toEqualTypeOf<MeshClient>();
expectTypeOf<MeshClient>().toExtend<GrpcOptions>();
expectTypeOf<MeshClient['transport']>().toEqualTypeOf<Transport.GRPC>();
ClientsModule.register([{ name: 'AUTH', ...grpcClientOptions('auth', { ...grpc, url: '127.0.0.1:15001' }) }]);
grpcClientOptions(
  { name: 'auth', namespace: 'iam' },
  { ...grpc, port: 9191, keepalive: { keepaliveTimeMs: 1 } },
);
// @ts-expect-error a client needs its package
grpcClientOptions('auth', { protoPath: 'auth.proto' });
// @ts-expect-error a port is a number
grpcClientOptions('auth', { ...grpc, port: '9090' });
