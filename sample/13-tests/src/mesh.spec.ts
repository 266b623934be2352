import type { INestMicroservice } from '@nestjs/common';
import {
  type ClientGrpc,
  ClientProxyFactory,
  type MicroserviceOptions,
  Transport,
} from '@nestjs/microservices';
import { Test } from '@nestjs/testing';
import { SidecarAgent } from 'nestjs-sidecar-agent';
import { EmbeddedAgent } from 'nestjs-sidecar-agent/testing';
import { firstValueFrom, type Observable } from 'rxjs';
import { AppModule } from './app.module.js';
import { grpcOptions } from './grpc.options.js';

interface JobService {
  run(job: { name: string }): Observable<{ name: string }>;
}

describe('AppModule, with an agent', () => {
  const agent = new EmbeddedAgent();
  let app: INestMicroservice;

  beforeEach(async () => {
    await agent.start();
    process.env.SIDECAR_AGENT_BASE_URL = agent.url;
    process.env.DRAIN_DELAY = '0s';
    const module = await Test.createTestingModule({ imports: [AppModule] }).compile();
    app = module.createNestMicroservice<MicroserviceOptions>({
      transport: Transport.GRPC,
      options: { ...grpcOptions, url: '127.0.0.1:0' },
    });
    await app.listen();
    await app.get(SidecarAgent).registered();
  });

  afterEach(async () => {
    await app.close();
    await agent.stop();
  });

  /** Calls the service at the port that it has registered. */
  async function run(name: string): Promise<{ name: string }> {
    const url = `127.0.0.1:${agent.services()[0]?.port}`;
    const client: ClientGrpc & { close(): void } = ClientProxyFactory.create({
      transport: Transport.GRPC,
      options: { ...grpcOptions, url },
    });
    try {
      return await firstValueFrom(client.getService<JobService>('JobService').run({ name }));
    } finally {
      client.close();
    }
  }

  it('registers the method that it serves', () => {
    expect(agent.services()).toMatchObject([{ name: 'jobs', methods: ['/acme.jobs.v1.JobService/Run'] }]);
  });

  it('registers again after the agent has lost everything', async () => {
    await agent.restart();
    await agent.waitFor(() => agent.services().some(({ state }) => state === 'Serving'));
    expect(await run('print')).toEqual({ name: 'print' });
  });

  it('refuses jobs from the drain on', async () => {
    expect(await run('print')).toEqual({ name: 'print' });
    await app.get(SidecarAgent).drain();
    await expect(run('print')).rejects.toThrow('UNAVAILABLE: this instance starts no more jobs');
  });

  it('drains and deregisters when it closes', async () => {
    await app.close();
    expect(agent.services()).toMatchObject([{ state: 'Deregistered' }]);
  });
});
