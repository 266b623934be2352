import type { INestApplication, INestMicroservice } from '@nestjs/common';
import { NestFactory } from '@nestjs/core';
import type { MicroserviceOptions } from '@nestjs/microservices';
import { expectTypeOf } from 'expect-type';
import {
  AgentRunError,
  type AgentRunFailure,
  type AgentRunStage,
  type RunSidecarAppOptions,
  runSidecarApp,
  type SidecarAgent,
  type SidecarAgentError,
} from '../../lib/index.js';

class AppModule {}

export async function run(app: INestApplication, microservice: INestMicroservice): Promise<void> {
  expectTypeOf(runSidecarApp(app)).toEqualTypeOf<Promise<void>>();
  await runSidecarApp(microservice, { signals: ['SIGTERM', 'SIGUSR2'], closeTimeout: '30s', exit: true });
  await runSidecarApp(NestFactory.create(AppModule), { listen: 3000 });
  await runSidecarApp(() => NestFactory.createMicroservice<MicroserviceOptions>(AppModule, {}));
  await runSidecarApp(() => app, {
    listen: async (it) => {
      expectTypeOf(it).toEqualTypeOf<INestApplication>();
      await it.listen(3000);
    },
    abortSignal: AbortSignal.timeout(1_000),
    secondSignal: 'ignore',
  });
  await runSidecarApp(app, { listen: { port: 3000, host: '127.0.0.1' } });
  // @ts-expect-error a module is no application
  await runSidecarApp(AppModule);
  // @ts-expect-error there is no such signal
  await runSidecarApp(app, { signals: ['SIGSTOPP'] });
  // @ts-expect-error a host alone is no address
  await runSidecarApp(app, { listen: { host: '127.0.0.1' } });
  // @ts-expect-error there is no such option
  await runSidecarApp(app, { timeout: 1 });
}

expectTypeOf<RunSidecarAppOptions>()
  .toHaveProperty('closeTimeout')
  .toEqualTypeOf<string | number | undefined>();

export function tell(thrown: unknown, agent: SidecarAgent): void {
  expectTypeOf(agent.shutdownErrors).toEqualTypeOf<readonly SidecarAgentError[]>();
  if (!(thrown instanceof AgentRunError)) return;
  expectTypeOf(thrown).toExtend<SidecarAgentError>();
  expectTypeOf(thrown.stage).toEqualTypeOf<AgentRunStage>();
  expectTypeOf(thrown.stage).toEqualTypeOf<'lifecycle' | 'serve' | 'shutdown' | 'agent_shutdown'>();
  expectTypeOf(thrown.suppressed).toEqualTypeOf<readonly AgentRunFailure[]>();
  expectTypeOf(thrown.cause).toBeUnknown();
}
