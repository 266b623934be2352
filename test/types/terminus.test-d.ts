import type { HealthIndicatorResult } from '@nestjs/terminus';
import { expectTypeOf } from 'expect-type';
import type { SidecarAgentHealthIndicator } from '../../lib/terminus/index.js';

export function useIndicator(indicator: SidecarAgentHealthIndicator): void {
  expectTypeOf(indicator.isHealthy('sidecar')).toEqualTypeOf<HealthIndicatorResult<'sidecar'>>();
  // @ts-expect-error a check has a name
  indicator.isHealthy();
}
