import type { DynamicModule } from '@nestjs/common';
import { Test, type TestingModuleBuilder } from '@nestjs/testing';
import { expectTypeOf } from 'expect-type';
import { SidecarAgentModule, type SidecarAgentOptions, type SidecarStatus } from '../../lib/index.js';
import {
  EmbeddedAgent,
  type ProviderOverrides,
  SidecarAgentTestingModule,
  type SidecarAgentTestingOptions,
  type TestOptions,
  withoutSidecarAgent,
} from '../../lib/testing/index.js';

// withoutSidecarAgent

const builder = Test.createTestingModule({});
expectTypeOf(withoutSidecarAgent(builder)).toEqualTypeOf<TestingModuleBuilder>();
expectTypeOf<TestingModuleBuilder>().toExtend<ProviderOverrides>();
export const compiled = withoutSidecarAgent(builder).overrideProvider('X').useValue(1).compile();
// @ts-expect-error it takes the builder, not what it compiles
withoutSidecarAgent(await builder.compile());
// @ts-expect-error nor the metadata
withoutSidecarAgent({ imports: [] });

// SidecarAgentTestingModule

expectTypeOf(SidecarAgentTestingModule.forRoot()).toEqualTypeOf<DynamicModule>();
SidecarAgentTestingModule.forRoot({ name: 'billing', status: { phase: 'registered', registered: true } });
expectTypeOf<SidecarAgentTestingOptions['status']>().toEqualTypeOf<Partial<SidecarStatus> | undefined>();
// @ts-expect-error there is no such phase
SidecarAgentTestingModule.forRoot({ status: { phase: 'ready' } });
// @ts-expect-error there is no such field
SidecarAgentTestingModule.forRoot({ status: { ready: true } });
// @ts-expect-error it takes no options of the module
SidecarAgentTestingModule.forRoot({ baseUrl: 'http://127.0.0.1:15010' });

// EmbeddedAgent.options

const agent = new EmbeddedAgent();
expectTypeOf(agent.options()).toEqualTypeOf<TestOptions>();
expectTypeOf<TestOptions>().toExtend<Partial<SidecarAgentOptions>>();
declare const options: SidecarAgentOptions;
SidecarAgentModule.forRoot({ ...options, ...agent.options() });
SidecarAgentModule.forRoot({ ...options, ...agent.options(), gracePeriod: '2s' });
