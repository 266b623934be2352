import type { FactoryProvider } from '@nestjs/common';
import type { HealthIndicatorResult } from '@nestjs/terminus';
import { expectTypeOf } from 'expect-type';
import { SidecarAgentHealthIndicator } from '../../lib/terminus/index.js';

export function useIndicator(indicator: SidecarAgentHealthIndicator): void {
  expectTypeOf(indicator.isHealthy('sidecar')).toEqualTypeOf<HealthIndicatorResult<'sidecar'>>();
  // @ts-expect-error a check has a name
  indicator.isHealthy();
}

expectTypeOf(SidecarAgentHealthIndicator.forName('billing')).toEqualTypeOf<
  FactoryProvider<SidecarAgentHealthIndicator>
>();
// @ts-expect-error that of no name is the class itself
SidecarAgentHealthIndicator.forName();
