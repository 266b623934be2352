import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import {
  RegisterReplayError,
  SidecarAgent,
  type SidecarAgentError,
  SidecarApiError,
} from '../../lib/index.js';
import { createGreeterApp, type GreeterApp } from '../support/greeter-app.js';
import { answer, type Script, ScriptedAgent } from '../support/scripted-agent.js';
import { statusWhere } from '../support/status-where.js';

describe.each([301, 302, 303, 307, 308])('a redirect (%d): an error, never followed', (status) => {
  let agent: ScriptedAgent;
  let elsewhere: ScriptedAgent;
  let greeter: GreeterApp;
  const errors: SidecarAgentError[] = [];

  beforeEach(async () => {
    errors.length = 0;
    agent = await new ScriptedAgent().listen();
    elsewhere = await new ScriptedAgent().listen();
    const onError = (error: SidecarAgentError) => void errors.push(error);
    const headers = { authorization: 'Bearer the-token' };
    greeter = await createGreeterApp('microservice', {
      baseUrl: agent.url,
      onError,
      headers,
      gracePeriod: 1_000,
    });
  });

  afterEach(async () => {
    await greeter.app.close();
    await agent.close();
    await elsewhere.close();
  });

  const to = (location: string): Script => {
    return (socket) => void socket.write(answer(status, '{"success":true}', { location }));
  };

  describe.each([
    { where: 'another origin', location: () => `${elsewhere.url}/moved` },
    { where: 'the same origin', location: () => '/moved' },
  ])('to $where', ({ location }) => {
    it('of /watch', async () => {
      agent.scripts = { '/watch': to(location()) };
      await greeter.listen();
      await statusWhere(greeter.app, () => errors.length >= 3);
      expect(errors[0]).toMatchObject({ kind: 'watch_http_status', detail: { statusCode: status } });
      expect(new Set(agent.requests.map(({ path }) => path))).toEqual(new Set(['/watch']));
      expect(elsewhere.accepted).toBe(0);
    });

    it('of the POSTs as well', async () => {
      agent.scripts = { '/register': to(location()) };
      await greeter.listen();
      await statusWhere(greeter.app, () => errors.length >= 3);
      expect(errors[0]).toBeInstanceOf(RegisterReplayError);
      expect(errors[0]?.cause).toBeInstanceOf(SidecarApiError);
      expect(errors[0]?.cause).toMatchObject({ statusCode: status, path: '/register' });
      expect(greeter.app.get(SidecarAgent).status()).toMatchObject({ connected: true, registered: false });

      agent.scripts = { '/drain': to(location()), '/deregister': to(location()) };
      await greeter.app.get(SidecarAgent).registered();
      await greeter.app.close();
      // Each is repeated as long as it fits, and refused each time.
      const failed = errors.filter((error) => error instanceof SidecarApiError);
      expect([...new Set(failed.map(({ path, statusCode }) => `${path} ${statusCode}`))]).toEqual([
        `/drain ${status}`,
        `/deregister ${status}`,
      ]);
      expect(agent.to('/moved')).toEqual([]);
      expect(elsewhere.accepted).toBe(0);
    });
  });
});
