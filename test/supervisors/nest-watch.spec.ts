import { createRequire } from 'node:module';
import { connect } from 'node:net';
import { once } from 'node:events';
import { afterEach, beforeEach, describe, expect, it, jest } from '@jest/globals';
import { EmbeddedAgent } from '../../lib/testing/index.js';
import { freePort } from '../support/free-port.js';
import { WatchedApp } from './support/watched-app.js';

jest.setTimeout(180_000);

const NEST = createRequire(import.meta.url).resolve('@nestjs/cli/bin/nest.js');

describe('nest start --watch', () => {
  let agent: EmbeddedAgent;
  let app: WatchedApp;
  let port: number;

  beforeEach(async () => {
    agent = new EmbeddedAgent();
    await agent.start();
    port = await freePort();
    app = await WatchedApp.create(port);
  });

  afterEach(async () => {
    await app.close();
    await agent.stop();
  });

  /** Waits until the agent lists this version alone, and its port answers. */
  async function isUp(version: string): Promise<void> {
    await agent
      .waitFor(
        () => {
          const serving = agent.services().filter(({ state }) => state === 'Serving');
          return serving.length === 1 && serving[0]?.version === version;
        },
        { timeout: 30_000, description: `${version} to be the only one Serving` },
      )
      .catch((failure: unknown) => {
        throw new Error(`${String(failure)}\n${JSON.stringify(agent.services())}\n${app.output}`);
      });
    const socket = connect(port, '127.0.0.1');
    await once(socket, 'connect');
    socket.destroy();
  }

  it.each([
    { saves: 10, how: 'in development, without a grace period', args: [], mode: 'development' },
    { saves: 3, how: 'without a shell, as in production', args: ['--no-shell'], mode: 'production' },
  ])('the service is up after each of $saves saves in a row: $how', async ({ saves, args, mode }) => {
    const env = { SIDECAR_AGENT_URL: agent.url, NODE_ENV: mode };
    app.start(process.execPath, [NEST, 'start', '--watch', ...args], env);
    await isUp('v0');
    for (let save = 1; save <= saves; save += 1) {
      await app.save(`v${save}`);
      await isUp(`v${save}`);
    }
    expect(app.output).not.toContain('EADDRINUSE');
  });
});
