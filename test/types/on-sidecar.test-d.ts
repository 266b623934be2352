import { expectTypeOf } from 'expect-type';
import type { InjectionToken } from '@nestjs/common';
import {
  type AgentDescription,
  type Dialect,
  Draining,
  getDrainingToken,
  OnSidecar,
  type SidecarAgentError,
  type SidecarEvent,
  type SidecarEventType,
  type SidecarStatus,
} from '../../lib/index.js';

expectTypeOf<SidecarEventType>().toEqualTypeOf<
  'registered' | 'connected' | 'disconnected' | 'draining' | 'deregistered' | 'error'
>();
expectTypeOf<SidecarEvent>().toExtend<{
  readonly type: SidecarEventType;
  readonly at: string;
  readonly serviceName: string;
  readonly port: number | null;
  readonly status: SidecarStatus;
}>();
expectTypeOf<SidecarEvent['type']>().toEqualTypeOf<SidecarEventType>();
expectTypeOf<SidecarEvent<'registered'>['instanceId']>().toEqualTypeOf<string | null>();
expectTypeOf<SidecarEvent<'registered'>['dialect']>().toEqualTypeOf<Dialect | null>();
expectTypeOf<SidecarEvent<'connected'>['agent']>().toEqualTypeOf<AgentDescription | null>();
expectTypeOf<SidecarEvent<'disconnected' | 'error'>['error']>().toEqualTypeOf<SidecarAgentError>();
expectTypeOf<SidecarEvent<'draining'>['reason']>().toEqualTypeOf<'shutdown' | 'manual' | 'elsewhere'>();
expectTypeOf<SidecarEvent<'deregistered'>['reason']>().toEqualTypeOf<'shutdown' | 'manual'>();

export class Handlers {
  @OnSidecar('registered')
  registered({ type, instanceId }: SidecarEvent<'registered'>): void {
    expectTypeOf(type).toEqualTypeOf<'registered'>();
    expectTypeOf(instanceId).toEqualTypeOf<string | null>();
  }

  @OnSidecar('draining', { name: 'billing' })
  nothing(): void {}

  @OnSidecar('error')
  async part({ error }: { error: Error }): Promise<void> {
    await Promise.reject(error);
  }

  @OnSidecar('connected')
  @OnSidecar('disconnected')
  both(event: SidecarEvent<'connected' | 'disconnected'>): string {
    return event.type === 'connected' ? String(event.agent?.ready) : event.error.kind;
  }

  @OnSidecar('deregistered')
  any(event: SidecarEvent): string {
    return event.type;
  }

  // @ts-expect-error it would get another event
  @OnSidecar('registered')
  wrong({ error }: SidecarEvent<'error'>): string {
    return error.kind;
  }

  // @ts-expect-error it gets two types, and takes one of them
  @OnSidecar('draining')
  @OnSidecar('deregistered')
  half({ reason }: SidecarEvent<'deregistered'>): string {
    return reason;
  }

  // @ts-expect-error no event is a text
  @OnSidecar('connected')
  text(event: string): string {
    return event;
  }

  // @ts-expect-error nobody gives a second argument
  @OnSidecar('connected')
  two(event: SidecarEvent, more: string): string {
    return event.type + more;
  }

  // @ts-expect-error a property is not a handler
  @OnSidecar('connected')
  property = 1;
}

// @ts-expect-error there is no such event
OnSidecar('heartbeat');
// @ts-expect-error a name is a text
OnSidecar('registered', { name: 7 });
// @ts-expect-error a class has no events
@OnSidecar('registered')
export class NoHandler {}

export class Streams {
  @Draining() readonly signal?: AbortSignal;

  constructor(
    @Draining() readonly draining: AbortSignal,
    @Draining({ name: 'billing' }) readonly billing: AbortSignal,
  ) {}

  follow(@Draining() draining: AbortSignal): boolean {
    return draining.aborted;
  }
}

// @ts-expect-error a name is a text
Draining({ name: 7 });
expectTypeOf(getDrainingToken('billing')).toEqualTypeOf<InjectionToken>();
expectTypeOf(getDrainingToken).parameters.toEqualTypeOf<[name?: string]>();
