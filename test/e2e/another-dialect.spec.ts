import type { INestApplication, INestMicroservice } from '@nestjs/common';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { flatDialect } from '../../lib/agent/protocol/flat-dialect.js';
import { SidecarAgent, SidecarAgentModule } from '../../lib/index.js';
import { EmbeddedAgent } from '../../lib/testing/index.js';
import { createGreeterApp, greeterOptions, type LogBook } from '../support/greeter-app.js';
import { HTTP_ADAPTERS } from '../support/http-adapters.js';
import { createShop } from '../support/http-shop.js';
import { statusWhere } from '../support/status-where.js';
import { NODE } from '../unit/fixtures/fixtures.js';

/** Longer than any test may take. */
const NEVER = { shutdownTimeout: '1m' };

describe('an agent of another dialect', () => {
  let agent: EmbeddedAgent;
  let app: INestApplication | INestMicroservice;

  beforeEach(async () => {
    agent = new EmbeddedAgent({ dialect: 'node' });
    await agent.start();
  });

  afterEach(async () => {
    await app.close();
    await agent.stop();
  });

  /** An agent that speaks flat takes its place, and has other routes of the greeter. */
  async function replace(): Promise<void> {
    const port = Number(new URL(agent.url).port);
    await agent.stop();
    agent = new EmbeddedAgent({ dialect: 'flat', port });
    await agent.start();
    const body = flatDialect.register({
      ...NODE,
      app: { ...NODE.app, env: 'test' },
      service: { ...NODE.service, name: 'greeter' },
    });
    await fetch(`${agent.url}/register`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body,
    });
  }

  const refused = () => statusWhere(app, ({ registerReplayFailureCount }) => registerReplayFailureCount > 0);
  /** Leaves, and returns what went wrong: that it does not know the instance is no failure. */
  async function leave(logs: LogBook): Promise<string[]> {
    const before = logs.sidecar.length;
    await app.close();
    const lines = logs.sidecar.slice(before);
    expect(lines).toContainEqual(expect.stringContaining('Left the mesh'));
    return lines.filter((line) => line.startsWith('warn') && !line.includes('treated as done'));
  }

  async function startRefused(): Promise<LogBook> {
    const greeter = await createGreeterApp('microservice', { baseUrl: agent.url, ...NEVER });
    ({ app } = greeter);
    await greeter.listen();
    await app.get(SidecarAgent).registered();
    await replace();
    await refused();
    return greeter.logs;
  }

  it.each(['drain', 'deregister'] as const)('takes a %s of a service that it refused', async (operation) => {
    await startRefused();
    // It does not hold the service, and says so in its own words.
    await expect(app.get(SidecarAgent)[operation]()).resolves.toBeUndefined();
  });

  it('lets a service leave that it refused', async () => {
    const logs = await startRefused();
    expect(await leave(logs)).toEqual([]);
  });

  it.each(HTTP_ADAPTERS)('lets a service leave that it does not know: %s', async (_name, adapter) => {
    await replace();
    const sidecar = SidecarAgentModule.forRoot({
      ...greeterOptions(0, { baseUrl: agent.url, ...NEVER }),
      grpc: undefined,
      protocol: 'http',
    });
    const shop = await createShop([sidecar], adapter());
    ({ app } = shop);
    await shop.app.listen(0, '127.0.0.1');
    await refused();
    expect(await leave(shop.logs)).toEqual([]);
  });
});
