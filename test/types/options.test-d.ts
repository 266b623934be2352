import type { GrpcOptions } from '@nestjs/microservices';
import { expectTypeOf } from 'expect-type';
import type {
  AppOptions,
  Dialect,
  Duration,
  ServiceOptions,
  SidecarAgentError,
  SidecarAgentOptions,
  TlsOptions,
} from '../../lib/index.js';

type Given<Name extends keyof SidecarAgentOptions> = NonNullable<SidecarAgentOptions[Name]>;
type RequiredNames<T> = { [Name in keyof T]-?: undefined extends T[Name] ? never : Name }[keyof T];

// What cannot be left out

expectTypeOf<RequiredNames<SidecarAgentOptions>>().toEqualTypeOf<'app' | 'service'>();
expectTypeOf<RequiredNames<AppOptions>>().toEqualTypeOf<'id' | 'name' | 'env' | 'version'>();
expectTypeOf<RequiredNames<ServiceOptions>>().toEqualTypeOf<'name'>();

// What each option takes

expectTypeOf<SidecarAgentOptions['app']>().toEqualTypeOf<AppOptions>();
expectTypeOf<SidecarAgentOptions['service']>().toEqualTypeOf<ServiceOptions>();
expectTypeOf<Duration>().toEqualTypeOf<number | string>();
expectTypeOf<
  Given<
    | 'gracePeriod'
    | 'drainDelay'
    | 'shutdownTimeout'
    | 'requestTimeout'
    | 'reconnectInterval'
    | 'maxReconnectInterval'
    | 'reassertInterval'
    | 'idleTimeout'
  >
>().toEqualTypeOf<Duration>();
expectTypeOf<Given<'waitForRegistration'>>().toEqualTypeOf<boolean | Duration>();
expectTypeOf<Given<'serverPort' | 'managedPort' | 'maxEventBytes'>>().toEqualTypeOf<number>();
expectTypeOf<
  Given<'baseUrl' | 'watchUrl' | 'socketPath' | 'dns' | 'registrationFile'>
>().toEqualTypeOf<string>();
expectTypeOf<Given<'probePaths'>>().toEqualTypeOf<readonly string[]>();
expectTypeOf<Given<'enabled' | 'announceInfrastructure' | 'holdProcessExit'>>().toEqualTypeOf<boolean>();
expectTypeOf<Given<'protocol'>>().toEqualTypeOf<'grpc' | 'http'>();
expectTypeOf<Given<'dialect'>>().toEqualTypeOf<'auto' | 'node' | 'flat'>();
expectTypeOf<Dialect>().toEqualTypeOf<'node' | 'flat'>();
expectTypeOf<Given<'grpc'>>().toEqualTypeOf<GrpcOptions['options']>();
expectTypeOf<Given<'onError'>>().toEqualTypeOf<(error: SidecarAgentError) => void>();
expectTypeOf<Given<'tls'>>().toEqualTypeOf<TlsOptions>();

// What users write

const app: AppOptions = { id: '1', name: 'shop', env: 'prod', version: 'v1', secret: process.env.SECRET };
const service: ServiceOptions = { name: 'cart' };
const methods: readonly string[] = ['/shop.Cart/Add'];
const headers: Readonly<Record<string, string>> = { authorization: 'Bearer token' };
const grpcOptions = {
  package: ['shop.cart.v1', 'shop.stock.v1'],
  protoPath: ['cart.proto', 'stock.proto'],
  url: '0.0.0.0:50051',
  loader: { keepCase: true },
} satisfies GrpcOptions['options'];

export const accepted: SidecarAgentOptions[] = [
  { app, service, grpc: grpcOptions },
  { app, service, grpc: grpcOptions, gracePeriod: '', drainDelay: 0, waitForRegistration: true },
  { app, service, serverPort: 80, protocol: 'http', waitForRegistration: '20s' },
  { app, service, serverPort: 80, methods },
  { app, service, baseUrl: 'https://agent', tls: { ca: Buffer.alloc(0), rejectUnauthorized: true } },
  { app, service, headers },
  { app, service, headers: () => headers },
  { app, service, headers: async () => Promise.resolve(headers) },
  { app, service, tls: { caFile: '/ca', certFile: '/cert', keyFile: '/key' } },
  { app, service, tls: { checkServerIdentity: (host) => (host === 'agent' ? undefined : new Error(host)) } },
  { app, service, kernel: { language: 'node', version: process.version } },
  { app, service, onError: (error) => console.error(error.kind) },
];

export const refused: SidecarAgentOptions[] = [
  // @ts-expect-error an id is text
  { app: { ...app, id: 1 }, service },
  // @ts-expect-error a secret belongs to the app
  { app, service, secret: 'x' },
  // @ts-expect-error a weight is a number
  { app, service: { ...service, weight: '100' } },
  // @ts-expect-error there is no such protocol
  { app, service, protocol: 'tcp' },
  // @ts-expect-error there is no such dialect
  { app, service, dialect: 'go' },
  // @ts-expect-error a duration is milliseconds or text
  { app, service, gracePeriod: { seconds: 20 } },
  // @ts-expect-error a duration is no yes or no
  { app, service, gracePeriod: true },
  // @ts-expect-error methods are a list
  { app, service, methods: '/shop.Cart/Add' },
  // @ts-expect-error a header has one value
  { app, service, headers: { accept: ['a', 'b'] } },
  // @ts-expect-error a function of headers returns an object, or a promise of one
  { app, service, headers: () => 'Bearer token' },
  // @ts-expect-error a kernel has a version
  { app, service, kernel: { language: 'node' } },
  // @ts-expect-error grpc needs a package
  { app, service, grpc: { url: '0.0.0.0:50051' } },
  // @ts-expect-error it is not the transport's options as a whole
  { app, service, grpc: { transport: 4, options: grpcOptions } },
  // @ts-expect-error no other setting of a connection can be given
  { app, service, tls: { host: 'elsewhere' } },
  // @ts-expect-error a file is a path
  { app, service, tls: { caFile: Buffer.alloc(0) } },
  // @ts-expect-error a listener takes an error
  { app, service, onError: (name: string) => name },
];
