import { expectTypeOf } from 'expect-type';
import type { Observable } from 'rxjs';
import type {
  AgentDescription,
  ConnectionEvent,
  Dialect,
  DrainStatus,
  RegistrationPhase,
  SidecarErrorKind,
  SidecarStatus,
  SidecarStatusService,
} from '../../lib/index.js';

expectTypeOf<SidecarStatus>().toEqualTypeOf<{
  readonly phase: RegistrationPhase;
  readonly connected: boolean;
  readonly registered: boolean;
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
