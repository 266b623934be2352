import type { FactoryProvider } from '@nestjs/common';
import type { HealthIndicatorResult } from '@nestjs/terminus';
import { expectTypeOf } from 'expect-type';
import type { Duration } from '../../lib/index.js';
import {
  SidecarAgentHealthIndicator,
  type SidecarHealthOptions,
  type SidecarHealthRequirement,
} from '../../lib/terminus/index.js';

export function useIndicator(indicator: SidecarAgentHealthIndicator): void {
  expectTypeOf(indicator.isHealthy('sidecar')).toEqualTypeOf<HealthIndicatorResult<'sidecar'>>();
  expectTypeOf(
    indicator.isHealthy('agent', { require: 'once-registered', grace: '30s' } satisfies SidecarHealthOptions),
  ).toEqualTypeOf<HealthIndicatorResult<'agent'>>();
  expectTypeOf(indicator.live('a')).toEqualTypeOf<HealthIndicatorResult<'a'>>();
  expectTypeOf(indicator.ready('b')).toEqualTypeOf<HealthIndicatorResult<'b'>>();
  expectTypeOf(indicator.started('c')).toEqualTypeOf<HealthIndicatorResult<'c'>>();
  // @ts-expect-error a check has a name
  indicator.isHealthy();
  // @ts-expect-error there is no such requirement
  indicator.isHealthy('sidecar', { require: 'drained' });
}

expectTypeOf(SidecarAgentHealthIndicator.forName('billing')).toEqualTypeOf<
  FactoryProvider<SidecarAgentHealthIndicator>
>();
// @ts-expect-error that of no name is the class itself
SidecarAgentHealthIndicator.forName();

expectTypeOf<SidecarHealthOptions>().toEqualTypeOf<{
  require?: SidecarHealthRequirement;
  grace?: Duration;
}>();
expectTypeOf<SidecarHealthRequirement>().toEqualTypeOf<'registered' | 'connected' | 'once-registered'>();
