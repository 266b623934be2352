import { Test } from '@nestjs/testing';
import type { RegistrationPhase } from 'nestjs-sidecar-agent';
import { SidecarAgentTestingModule } from 'nestjs-sidecar-agent/testing';
import { JobsController } from './jobs.controller.js';

/** The controller alone, with a status that this test chooses. */
async function controllerIn(phase: RegistrationPhase): Promise<JobsController> {
  const module = await Test.createTestingModule({
    imports: [SidecarAgentTestingModule.forRoot({ status: { phase } })],
    controllers: [JobsController],
  }).compile();
  return module.get(JobsController);
}

describe('JobsController', () => {
  it.each(['registered', 'connecting'] as const)('runs a job while the service is %s', async (phase) => {
    expect((await controllerIn(phase)).run({ name: 'print' })).toEqual({ name: 'print' });
  });

  it('refuses a job while the service drains', async () => {
    const controller = await controllerIn('draining');
    expect(() => controller.run({ name: 'print' })).toThrow('this instance starts no more jobs');
  });
});
