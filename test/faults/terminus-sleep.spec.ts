import { status as Status } from '@grpc/grpc-js';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { EmbeddedAgent } from '../../lib/testing/index.js';
import { freePort } from '../support/free-port.js';
import { GreeterProcess } from '../support/greeter-process.js';
import { type Call, GreeterClient } from '../support/greeter.js';
import { postedPaths } from '../support/posted-paths.js';
import { refusesConnections } from '../support/refuses-connections.js';

/**
 * Terminus sleeps longer than the whole leave may take, which is over at once. On a busy machine
 * the calls of the test need a good part of both times.
 */
const SIDECAR = { requestTimeout: 200, drainDelay: 0, gracePeriod: 3_000, shutdownTimeout: 3_500 };
const SLEEP = 4_000;

describe('Terminus sleeps at SIGTERM, long after the service has left', () => {
  let agent: EmbeddedAgent;
  let greeter: GreeterProcess;
  let client: GreeterClient;

  beforeEach(async () => {
    agent = new EmbeddedAgent();
    await agent.start();
  });

  afterEach(async () => {
    client.close();
    await greeter.kill();
    await agent.stop();
  });

  it.each([
    ['hybrid, microservices first', 'first'],
    ['hybrid, microservices first', 'last'],
    ['hybrid, http first', 'first'],
    ['microservice', 'first'],
    ['microservice', 'last'],
  ] as const)(
    'calls that began meanwhile finish, or get UNAVAILABLE (%s, imported %s)',
    async (shape, imported) => {
      const port = await freePort();
      client = new GreeterClient(port);
      const terminus = { sleep: SLEEP, imported };
      greeter = new GreeterProcess({ port, shape, sidecar: { baseUrl: agent.url, ...SIDECAR }, terminus });
      await greeter.printed('LISTENING');
      await agent.waitFor(() => agent.services().some(({ state }) => state === 'Serving'));
      greeter.signal('SIGTERM');
      await agent.waitFor(() => agent.services().some(({ state }) => state === 'Deregistered'));
      const [late, endless] = [client.count('late'), client.count('endless')];
      const code = codeOf(endless);
      await Promise.all([late.begun, endless.begun]);
      await refusesConnections(port);
      // Longer than a close takes that has no time left.
      await new Promise((resolve) => setTimeout(resolve, 300));
      greeter.endInput();
      await expect(late.answer).resolves.toEqual(['late 1', 'late 2']);
      await expect(code).resolves.toBe(Status.UNAVAILABLE);
      await expect(greeter.exited).resolves.toBe(0);
      expect(greeter.output).toContain(`Awaiting ${SLEEP}ms before shutdown`);
      expect(postedPaths(agent.requests())).toEqual(['/register', '/drain', '/deregister']);
    },
  );
});

function codeOf({ answer }: Call): Promise<number> {
  return answer.then(
    () => Status.OK,
    (error: { code: number }) => error.code,
  );
}
