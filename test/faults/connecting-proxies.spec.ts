import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { Dispatcher, getGlobalDispatcher, request, setGlobalDispatcher } from 'undici';
import { SidecarAgent } from '../../lib/index.js';
import { freePort } from '../support/free-port.js';
import { createGreeterApp } from '../support/greeter-app.js';
import { GreeterProcess } from '../support/greeter-process.js';
import { ScriptedAgent } from '../support/scripted-agent.js';
import { AGENT, CA } from './support/certificates.js';

/** Makes the environment of a process that is spawned meanwhile. */
function withEnvironment<T>(variables: Record<string, string>, spawn: () => T): T {
  const before = { ...process.env };
  Object.assign(process.env, variables);
  try {
    return spawn();
  } finally {
    for (const name of Object.keys(variables)) delete process.env[name];
    Object.assign(process.env, before);
  }
}

describe('proxies and dispatchers of others', () => {
  let agent: ScriptedAgent;
  let proxy: ScriptedAgent;

  beforeEach(async () => {
    proxy = await new ScriptedAgent().listen();
  });

  afterEach(async () => {
    await agent.close();
    await proxy.close();
  });

  it.each([
    { scheme: 'http', agentTls: undefined, tls: undefined },
    { scheme: 'https', agentTls: AGENT, tls: { ca: CA } },
  ])('HTTP_PROXY set, an $scheme agent: no effect on us', async ({ scheme, agentTls, tls }) => {
    agent = await new ScriptedAgent({}, agentTls).listen();
    const port = await freePort();
    const baseUrl = `${scheme}://127.0.0.1:${agent.port}`;
    const names = ['HTTP_PROXY', 'HTTPS_PROXY', 'ALL_PROXY', 'http_proxy', 'https_proxy', 'all_proxy'];
    const variables = {
      ...Object.fromEntries(names.map((name) => [name, proxy.url])),
      NO_PROXY: '',
      no_proxy: '',
      NODE_USE_ENV_PROXY: '1',
    };
    const greeter = withEnvironment(
      variables,
      () =>
        new GreeterProcess({ port, shape: 'microservice', sidecar: { baseUrl, tls, gracePeriod: 1_000 } }),
    );
    try {
      await agent.until(() => agent.to('/register').length === 1);
      await greeter.printed('Registered greeter');
      greeter.signal('SIGTERM');
      expect(await greeter.exited).toBe(0);
    } finally {
      await greeter.kill();
    }
    expect(agent.requests.map(({ path }) => path)).toEqual(['/watch', '/register', '/drain', '/deregister']);
    expect(proxy.accepted).toBe(0);
  });

  it('the app set a global undici dispatcher: no effect on us', async () => {
    class Hijacker extends Dispatcher {
      hijacked = 0;

      override dispatch(_options: unknown, handler: Dispatcher.DispatchHandler): boolean {
        this.hijacked += 1;
        handler.onError?.(new Error('hijacked'));
        return false;
      }
    }
    agent = await new ScriptedAgent().listen();
    const hijacker = new Hijacker();
    const before = getGlobalDispatcher();
    setGlobalDispatcher(hijacker);
    try {
      await expect(request(agent.url)).rejects.toThrow('hijacked');
      const { app, listen } = await createGreeterApp('microservice', {
        baseUrl: agent.url,
        gracePeriod: 1_000,
      });
      await listen();
      await app.get(SidecarAgent).registered();
      await app.close();
    } finally {
      setGlobalDispatcher(before);
    }
    expect(hijacker.hijacked).toBe(1);
    expect(agent.requests.map(({ path }) => path)).toEqual(['/watch', '/register', '/drain', '/deregister']);
  });
});
