import type { Provider } from '@nestjs/common';
import { expectTypeOf } from 'expect-type';
import { consulProviders, type ConsulOptions, type ConsulService } from '../../lib/consul/index.js';
import { SidecarAgentModule, type SidecarAgentOptions, SidecarClock } from '../../lib/index.js';

declare const options: SidecarAgentOptions;
declare const clock: SidecarClock;

expectTypeOf(consulProviders()).toEqualTypeOf<Provider[]>();

SidecarAgentModule.forRoot({ ...options, providers: consulProviders({ address: '10.0.0.5' }) });
SidecarAgentModule.forRootAsync({ useFactory: () => options, providers: consulProviders() });
SidecarAgentModule.forRoot({
  ...options,
  providers: [...consulProviders(), { provide: SidecarClock, useValue: clock }],
});

consulProviders({
  address: 'auth.internal',
  ttl: 15_000,
  portCheck: '2s',
  reapAfter: '5m',
  service: {
    Tags: ['blue'],
    Meta: { team: 'payments' },
    Checks: [{ HTTP: 'http://127.0.0.1:3000/health', Interval: '10s' }],
    Connect: { SidecarService: {} },
    EnableTagOverride: true,
  },
} satisfies ConsulOptions);

const tags: readonly string[] = ['blue'];
expectTypeOf({ Tags: tags }).toExtend<ConsulService>();

// @ts-expect-error a duration is a number or a text
consulProviders({ ttl: true });
// @ts-expect-error there is no such option
consulProviders({ token: 'x' });
// @ts-expect-error the module makes the id
consulProviders({ service: { ID: 'auth-1' } });
// @ts-expect-error the name is that of the module
consulProviders({ service: { Name: 'auth' } });
// @ts-expect-error the weight is that of the module
consulProviders({ service: { Weights: { Passing: 1 } } });
// @ts-expect-error the values of Meta are texts
consulProviders({ service: { Meta: { weight: 1 } } });
// @ts-expect-error tags are a list
consulProviders({ service: { Tags: 'blue' } });
