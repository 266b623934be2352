import { expectTypeOf } from 'expect-type';
import type { Observable } from 'rxjs';
import type { CanActivate, Type } from '@nestjs/common';
import {
  type AgentDescription,
  type ConnectionEvent,
  type Dialect,
  type DrainStatus,
  type RegistrationPhase,
  sidecarController,
  type SidecarErrorKind,
  type SidecarReport,
  type SidecarStatus,
  type SidecarStatusService,
  type TimelineEntry,
  type TimelineEntryType,
} from '../../lib/index.js';

expectTypeOf<SidecarStatus>().toEqualTypeOf<{
  readonly phase: RegistrationPhase;
  readonly connected: boolean;
  readonly registered: boolean;
  readonly lostSince: string | null;
  readonly lastServiceName: string | null;
  readonly lastServicePort: number | null;
  readonly weight: number | null;
  readonly methodCount: number | null;
  readonly httpRouteCount: number | null;
  readonly revision: number;
  readonly registeredRevision: number;
  readonly lastEventType: ConnectionEvent['type'] | null;
  readonly lastEventId: string | null;
  readonly lastEventAt: string | null;
  readonly lastConnectedAt: string | null;
  readonly lastDisconnectedAt: string | null;
  readonly disconnectCount: number;
  readonly registerReplayCount: number;
  readonly registerReplayFailureCount: number;
  readonly lastErrorKind: SidecarErrorKind | null;
  readonly lastError: string | null;
  readonly lastErrorAt: string | null;
  readonly dialect: Dialect | null;
  readonly agent: AgentDescription | null;
  readonly instanceId: string | null;
  readonly state: string | null;
  readonly nextRetryAt: string | null;
  readonly workers: number | null;
  readonly drain: DrainStatus | null;
  readonly inFlight: number;
}>();

expectTypeOf<RegistrationPhase>().toEqualTypeOf<
  | 'disabled'
  | 'starting'
  | 'connecting'
  | 'registering'
  | 'registered'
  | 'draining'
  | 'deregistering'
  | 'deregistered'
  | 'stopped'
>();

expectTypeOf<AgentDescription>().toEqualTypeOf<{
  readonly service?: string;
  readonly status?: string;
  readonly lifecycleState?: string;
  readonly ready?: boolean;
}>();

export function useStatus(service: SidecarStatusService): void {
  const status = service.status();
  expectTypeOf(status).toEqualTypeOf<SidecarStatus>();
  expectTypeOf(service.status$).toExtend<Observable<SidecarStatus>>();
  service.status$.subscribe(({ phase, inFlight }) => {
    expectTypeOf(phase).toEqualTypeOf<RegistrationPhase>();
    expectTypeOf(inFlight).toBeNumber();
  });
  // @ts-expect-error a snapshot cannot be changed
  status.registered = true;
  // @ts-expect-error there is no such fact
  expectTypeOf(status.secret).toBeString();
}

expectTypeOf<DrainStatus>().toEqualTypeOf<{
  readonly startedAt: string;
  readonly lastCallAt: string | null;
  readonly callsSince: number;
  readonly quietFor: number;
}>();

// The timeline

expectTypeOf<TimelineEntry>().toEqualTypeOf<{
  readonly at: string;
  readonly lastAt: string;
  readonly count: number;
  readonly type: TimelineEntryType;
  readonly phase: RegistrationPhase;
  readonly cause: string | null;
  readonly errorKind: SidecarErrorKind | null;
  readonly text: string;
}>();
expectTypeOf<TimelineEntryType>().toEqualTypeOf<
  | 'started'
  | 'connected'
  | 'disconnected'
  | 'registered'
  | 'updated'
  | 'draining'
  | 'drained'
  | 'resumed'
  | 'deregistered'
  | 'error'
  | 'stopped'
>();

export function useTimeline(service: SidecarStatusService): void {
  const timeline = service.timeline();
  expectTypeOf(timeline).toEqualTypeOf<readonly TimelineEntry[]>();
  // @ts-expect-error a timeline cannot be changed
  timeline.length = 0;
}

// The controller

expectTypeOf<SidecarReport>().toEqualTypeOf<{
  readonly status: SidecarStatus;
  readonly timeline: readonly TimelineEntry[];
}>();

class AdminGuard implements CanActivate {
  canActivate(): boolean {
    return true;
  }
}

const withGuards = sidecarController({
  path: 'ops',
  guards: [AdminGuard, new AdminGuard()],
  name: 'billing',
});
expectTypeOf(withGuards).toExtend<Type<{ report(): SidecarReport }>>();
expectTypeOf(sidecarController()).toEqualTypeOf(withGuards);
// @ts-expect-error a guard can activate
sidecarController({ guards: [{}] });
// @ts-expect-error there is no such option
sidecarController({ prefix: 'ops' });
