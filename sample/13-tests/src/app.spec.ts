import { Test, type TestingModule } from '@nestjs/testing';
import { SidecarAgent } from 'nestjs-sidecar-agent';
import { withoutSidecarAgent } from 'nestjs-sidecar-agent/testing';
import { AppModule } from './app.module.js';
import { JobsController } from './jobs.controller.js';

describe('AppModule, without an agent', () => {
  let app: TestingModule;

  beforeEach(async () => {
    app = await withoutSidecarAgent(Test.createTestingModule({ imports: [AppModule] })).compile();
    await app.init();
  });

  afterEach(() => app.close());

  it('runs jobs, and registers nothing', () => {
    expect(app.get(JobsController).run({ name: 'print' })).toEqual({ name: 'print' });
    expect(app.get(SidecarAgent).status()).toMatchObject({ phase: 'disabled', registered: false });
  });
});
