import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { HttpSidecarClient } from '../../../../lib/agent/client/http-sidecar-client.js';
import { identityOf } from '../../../../lib/agent/protocol/dialect.js';
import { dialects } from '../../../../lib/agent/protocol/dialects.js';
import { SystemClock } from '../../../../lib/support/timing/sidecar-clock.js';
import { shortOptions } from '../../../faults/support/watch-run.js';
import { answer, ScriptedAgent } from '../../../support/scripted-agent.js';
import { NODE } from '../../fixtures/fixtures.js';

const WHO = identityOf(NODE);
const DRAIN = { ...WHO, gracePeriod: 7_000 };

describe('HttpSidecarClient', () => {
  let agent: ScriptedAgent;
  let client: HttpSidecarClient;

  beforeEach(async () => {
    agent = await new ScriptedAgent().listen();
  });

  afterEach(async () => {
    await client.close();
    await agent.close();
  });

  function start(dialect: 'node' | 'flat'): void {
    client = new HttpSidecarClient(shortOptions({ baseUrl: agent.url, dialect }), new SystemClock());
  }

  it.each(['node', 'flat'] as const)(
    'posts the three calls as the dialect %s writes them',
    async (dialect) => {
      start(dialect);
      await client.register(NODE);
      await client.drain(DRAIN);
      await client.deregister(WHO);
      expect(agent.requests.map(({ method, path, body }) => [method, path, body])).toEqual([
        ['POST', '/register', dialects[dialect].register(NODE)],
        ['POST', '/drain', dialects[dialect].drain(DRAIN)],
        ['POST', '/deregister', dialects[dialect].deregister(WHO)],
      ]);
    },
  );

  it.each([
    [200, true],
    [299, true],
    [300, false],
    [404, false],
  ])('takes %i for a success: %p', async (statusCode, isSuccess) => {
    agent.scripts = { '/deregister': (socket) => void socket.write(answer(statusCode, '{"success":true}')) };
    start('node');
    const taken = await client.deregister(WHO).catch((error: unknown) => error);
    expect(taken).toMatchObject({ statusCode });
    expect(taken instanceof Error).toBe(!isSuccess);
  });

  it('closes its connections, and opens others for the next call', async () => {
    start('node');
    await client.deregister(WHO);
    await client.close();
    // An idle connection ends by itself after 4 s.
    await agent.until(() => agent.open === 0, 2_000);
    await client.deregister(WHO);
    expect(agent.accepted).toBe(2);
  });
});
