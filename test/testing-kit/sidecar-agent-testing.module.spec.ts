import { Controller, Get, Injectable, Module } from '@nestjs/common';
import { TerminusModule } from '@nestjs/terminus';
import { Test, type TestingModuleBuilder } from '@nestjs/testing';
import { describe, expect, it } from '@jest/globals';
import { firstValueFrom } from 'rxjs';
import {
  InjectSidecarAgent,
  RegistrationController,
  SidecarAgent,
  SidecarClient,
  type SidecarStatus,
  SidecarStatusService,
  WatchService,
} from '../../lib/index.js';
import { SidecarAgentHealthIndicator } from '../../lib/terminus/index.js';
import { SidecarAgentTestingModule, withoutSidecarAgent } from '../../lib/testing/index.js';

@Controller()
class StatusController {
  constructor(
    readonly agent: SidecarAgent,
    readonly client: SidecarClient,
    readonly watch: WatchService,
    readonly registration: RegistrationController,
    readonly statusService: SidecarStatusService,
  ) {}

  @Get()
  status(): SidecarStatus {
    return this.statusService.status();
  }
}

@Injectable()
class Billing {
  constructor(
    @InjectSidecarAgent('billing') readonly agent: SidecarAgent,
    @InjectSidecarAgent('billing', SidecarStatusService) readonly statusService: SidecarStatusService,
  ) {}
}

@Module({ controllers: [StatusController] })
class StatusModule {}

const build = (sidecar = SidecarAgentTestingModule.forRoot()): TestingModuleBuilder =>
  Test.createTestingModule({ imports: [sidecar, StatusModule] });

describe('SidecarAgentTestingModule', () => {
  it('provides every part that a module can inject', async () => {
    const module = await build().compile();
    const controller = module.get(StatusController);
    expect(controller.agent).toBeInstanceOf(SidecarAgent);
    expect(controller.client).toBeInstanceOf(SidecarClient);
    expect(controller.watch).toBeInstanceOf(WatchService);
    expect(controller.registration).toBeInstanceOf(RegistrationController);
    expect(controller.status()).toMatchObject({ phase: 'disabled', registered: false, connected: false });
    await expect(controller.agent.registered()).rejects.toThrow(/enabled is false/);
    await module.close();
  });

  it('does what the agent is asked for, and sends nothing', async () => {
    const module = await build().compile();
    await module.init();
    const agent = module.get(SidecarAgent);
    await agent.start();
    await agent.update({ weight: 10 });
    await agent.drain();
    await agent.deregister();
    await agent.resume();
    expect(await agent.track(Promise.resolve(7))).toBe(7);
    expect(agent.status()).toMatchObject({ phase: 'disabled', lastErrorKind: null });
    await module.close();
  });

  it('shows a status that the test sets, wherever it is read', async () => {
    const status = { phase: 'registered', registered: true, weight: 10 } as const;
    const module = await build(SidecarAgentTestingModule.forRoot({ status })).compile();
    const { agent, registration, statusService } = module.get(StatusController);
    for (const part of [agent, registration, statusService]) expect(part.status()).toMatchObject(status);
    expect(statusService.status()).toMatchObject({ connected: false, revision: 0 });
    expect(statusService.status()).toBe(statusService.status());
    expect(await firstValueFrom(statusService.status$)).toBe(statusService.status());
    await agent.registered();
    await module.close();
  });

  it.each([
    ['up', { registered: true }],
    ['down', { phase: 'connecting' }],
  ] as const)('lets a health indicator say that it is %s', async (expected, status) => {
    const module = await Test.createTestingModule({
      imports: [SidecarAgentTestingModule.forRoot({ status }), TerminusModule],
      providers: [SidecarAgentHealthIndicator],
    }).compile();
    const { sidecar } = module.get(SidecarAgentHealthIndicator).isHealthy('sidecar');
    expect(sidecar.status).toBe(expected);
  });

  it('stands in for modules with a name, beside one without', async () => {
    const module = await Test.createTestingModule({
      imports: [
        SidecarAgentTestingModule.forRoot({ name: 'billing', status: { phase: 'draining' } }),
        SidecarAgentTestingModule.forRoot({ status: { phase: 'registered' } }),
      ],
      providers: [Billing],
    }).compile();
    const { agent, statusService } = module.get(Billing);
    expect([agent, statusService].map((part) => part.status().phase)).toEqual(['draining', 'draining']);
    expect(module.get(SidecarAgent).status().phase).toBe('registered');
    await module.close();
  });

  it('can be turned off once more', async () => {
    const sidecar = SidecarAgentTestingModule.forRoot({ status: { registered: true } });
    const module = await withoutSidecarAgent(build(sidecar)).compile();
    expect(module.get(SidecarStatusService).status().registered).toBe(true);
  });
});
