import { expectTypeOf } from 'expect-type';
import type { DynamicModule } from '@nestjs/common';
import type {
  CallOptions,
  SidecarAgentError,
  SidecarAnswer,
  SidecarCallMessage,
  SidecarMessage,
  SidecarShutdownMessage,
  SidecarStatus,
  SidecarStatusMessage,
  SidecarStatusService,
} from '../../lib/index.js';
import { SidecarAgentOtelModule, type SidecarAgentOtelOptions } from '../../lib/otel/index.js';

expectTypeOf(SidecarAgentOtelModule.forRoot()).toEqualTypeOf<DynamicModule>();
expectTypeOf(
  SidecarAgentOtelModule.forRoot({ name: 'billing' } satisfies SidecarAgentOtelOptions),
).toEqualTypeOf<DynamicModule>();
// @ts-expect-error a name is text
SidecarAgentOtelModule.forRoot({ name: 1 });

expectTypeOf<SidecarMessage>().toEqualTypeOf<{
  readonly serviceName: string;
  readonly source: SidecarStatusService;
}>();
expectTypeOf<SidecarStatusMessage['status']>().toEqualTypeOf<SidecarStatus>();
expectTypeOf<SidecarCallMessage['operation']>().toEqualTypeOf<'register' | 'drain' | 'deregister'>();
expectTypeOf<SidecarCallMessage['headers']>().toEqualTypeOf<Record<string, string>>();
expectTypeOf<SidecarCallMessage['result']>().toEqualTypeOf<SidecarAnswer | undefined>();
expectTypeOf<SidecarCallMessage['error']>().toEqualTypeOf<unknown>();
expectTypeOf<SidecarShutdownMessage['propagation']>().toEqualTypeOf<number | null>();
expectTypeOf<SidecarShutdownMessage['errors']>().toEqualTypeOf<readonly SidecarAgentError[]>();
expectTypeOf<CallOptions['headers']>().toEqualTypeOf<Readonly<Record<string, string>> | undefined>();

export function subscribe(message: SidecarCallMessage): void {
  message.headers.traceparent = '00-1';
  const { run } = message;
  message.run = (call) => run(call);
  // @ts-expect-error the message is about one call
  message.operation = 'drain';
}
