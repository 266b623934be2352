import { expectTypeOf } from 'expect-type';
import type { Observable } from 'rxjs';
import {
  type AgentEvent,
  type ConnectedEvent,
  type ConnectionEvent,
  type DisconnectedEvent,
  GrpcReflectionError,
  type HeartbeatEvent,
  InvalidOptionsError,
  type OptionFault,
  RegisterReplayError,
  SidecarAgentError,
  SidecarApiError,
  SidecarConnectionError,
  type SidecarErrorKind,
  WatchError,
  type WatchErrorKind,
  type WatchService,
} from '../../lib/index.js';

// Events

expectTypeOf<ConnectionEvent>().toEqualTypeOf<ConnectedEvent | HeartbeatEvent | DisconnectedEvent>();
expectTypeOf<AgentEvent>().toEqualTypeOf<Exclude<ConnectionEvent, DisconnectedEvent>>();

export function useEvents(watch: WatchService): void {
  expectTypeOf(watch.events$).toExtend<Observable<ConnectionEvent>>();
  watch.events$.subscribe((event) => {
    if (event.type === 'disconnected') {
      expectTypeOf(event).toEqualTypeOf<DisconnectedEvent>();
      expectTypeOf(event.error).toEqualTypeOf<SidecarAgentError>();
      expectTypeOf(event.nextRetryAt).toEqualTypeOf<Date | undefined>();
    } else {
      expectTypeOf(event.id).toBeString();
      expectTypeOf(event.agent?.ready).toEqualTypeOf<boolean | undefined>();
    }
  });
}

// Errors

expectTypeOf<SidecarErrorKind>().toEqualTypeOf<
  | 'watch_http_status'
  | 'watch_stream_closed'
  | 'watch_event_parse'
  | 'register_replay'
  | 'sidecar_api'
  | 'runtime_error'
  | 'watch_connect'
  | 'watch_tls'
  | 'watch_idle_timeout'
  | 'watch_content_type'
  | 'sidecar_connection'
  | 'invalid_options'
>();
expectTypeOf<WatchErrorKind>().toExtend<SidecarErrorKind>();

expectTypeOf<SidecarAgentError>().toExtend<Error>();
expectTypeOf(InvalidOptionsError).instance.toExtend<SidecarAgentError>();
expectTypeOf(RegisterReplayError).instance.toExtend<SidecarAgentError>();
expectTypeOf(SidecarApiError).instance.toExtend<SidecarAgentError>();
expectTypeOf(SidecarConnectionError).instance.toExtend<SidecarAgentError>();
expectTypeOf(WatchError).instance.toExtend<SidecarAgentError>();
expectTypeOf(GrpcReflectionError).instance.toExtend<SidecarAgentError>();

export function explain(thrown: unknown): string {
  if (thrown instanceof SidecarApiError) {
    expectTypeOf(thrown.statusCode).toBeNumber();
    expectTypeOf(thrown.reason).toBeString();
  }
  if (thrown instanceof InvalidOptionsError) {
    expectTypeOf(thrown.faults).toEqualTypeOf<readonly OptionFault[]>();
  }
  if (thrown instanceof WatchError) {
    expectTypeOf(thrown.kind).toEqualTypeOf<WatchErrorKind>();
    expectTypeOf(thrown.detail.statusCode).toEqualTypeOf<number | undefined>();
  }
  if (thrown instanceof SidecarConnectionError) return `${thrown.url}: ${thrown.code}`;
  const error = SidecarAgentError.from(thrown);
  expectTypeOf(error.kind).toEqualTypeOf<SidecarErrorKind>();
  // @ts-expect-error a kind does not change
  error.kind = 'runtime_error';
  return error.message;
}

// @ts-expect-error there is no such kind
new SidecarAgentError('anything', 'what happened');
// @ts-expect-error a watch has kinds of its own
new WatchError('sidecar_api', 'what happened');
