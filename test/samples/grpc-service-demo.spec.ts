import { createServer } from 'node:net';
import { once } from 'node:events';
import { afterEach, describe, expect, it, jest } from '@jest/globals';
import { freePort } from '../support/free-port.js';
import { expectGoodbye, expectGoodEnd, expectNoTrace, startDemo } from './support/demo.js';
import { isAlive, SampleProcess, send } from './support/sample.process.js';
import { until } from './support/until.js';

jest.setTimeout(60_000);
afterEach(() => SampleProcess.endAll());

describe('sample 01: npm start', () => {
  it('shows the service registering, answering, registering again and shutting down', async () => {
    const demo = await startDemo({});
    const { sample, agentPort, grpcPort } = demo;
    await sample.line(/stays up until you press Ctrl-C/);
    await sample.line(/curl/);

    const url = `http://127.0.0.1:${agentPort}`;
    const held: unknown = await (await fetch(`${url}/debug/services`)).json();
    expect(held).toMatchObject({ services: [{ name: 'auth', port: grpcPort, state: 'Serving' }] });
    expect(await (await fetch(`${url}/`)).text()).toContain('<script type="module" src="/page/page.js">');

    sample.signal('SIGINT');
    await expectGoodEnd(demo);
    const told = sample.lines.filter((line) => !line.startsWith('service'));
    expect(told).toEqual([
      `agent   | listens on ${url}, in this process`,
      `agent   | shows what it holds at ${url}/, and fails if you tell it to`,
      `demo    | Starting the service as process ${sample.servicePid}, to listen on port ${grpcPort}`,
      `agent   | auth registered, on port ${grpcPort} with 3 methods:`,
      'agent   |   /acme.auth.v1.AuthService/Login',
      'agent   |   /acme.auth.v1.AuthService/Logout',
      'agent   |   /acme.auth.v1.AuthService/WatchSession',
      'agent   | auth is Serving',
      expect.stringMatching(
        /^demo {4}\| A gRPC call: Login { user: 'ada' } was answered {"token":".+","user":"ada"}$/,
      ),
      'demo    | Restarting the agent: it loses all registrations',
      `agent   | auth registered again, on port ${grpcPort} with 3 methods`,
      'agent   | auth is Serving',
      'demo    | End of the demonstration. Everything stays up until you press Ctrl-C',
      `demo    | See the instances of the agent:  curl ${url}/debug/services`,
      'demo    | SIGINT: shutting down the service',
      'agent   | drain of auth: no new calls, 5s for those in flight',
      'agent   | deregister of auth: no calls at all',
      'demo    | The service has deregistered and shut down, and the agent stops too. Bye',
    ]);
    expect(sample.lines.filter((line) => line.startsWith('service'))).toEqual([
      'service | [NestMicroservice] Nest microservice successfully started',
      `service | [SidecarAgent] Connected to the sidecar-agent at ${url}`,
      `service | [SidecarAgent] Registered auth on port ${grpcPort} (dialect node, state Registered)`,
      expect.stringMatching(
        /^service \| WARN \[SidecarAgent\] The sidecar-agent at .* closed the event stream; reconnecting$/,
      ),
      expect.stringMatching(/^service \| \[SidecarAgent\] Connected to the sidecar-agent at /),
      expect.stringMatching(/^service \| \[SidecarAgent\] Registered auth again on port \d+/),
      `service | [SidecarAgent] Leaving the mesh: auth on port ${grpcPort}`,
      'service | [SidecarAgent] Drained auth: routers stop sending new calls',
      'service | [SidecarAgent] Deregistered auth',
      'service | [SidecarAgent] Left the mesh: auth (no call arrived after the drain)',
    ]);
  });

  it('forwards a signal that only the launcher got', async () => {
    const demo = await startDemo();
    await demo.sample.line(/stays up/);
    demo.sample.signalAlone('SIGTERM');
    await expectGoodEnd(demo);
    expectGoodbye(demo);
  });

  it.each(['SIDECAR_AGENT_PORT', 'GRPC_PORT'])('says what to do if %s is taken', async (variable) => {
    const port = await freePort();
    const holder = createServer().listen(port, '127.0.0.1');
    await once(holder, 'listening');
    try {
      const { sample } = await startDemo({ [variable]: String(port) });
      expect(await sample.end()).toEqual({ code: 1, signal: null });
      expect(sample.lines.at(-1)).toBe(
        `demo    | Cannot listen on port ${port}: the port is taken. Stop the process that listens there, or choose another port: ` +
          `${variable}=${port + 1} npm start`,
      );
      expect(sample.servicePid).toBeUndefined();
      expectNoTrace(sample);
    } finally {
      holder.close();
    }
  });

  it('refuses an invalid port', async () => {
    const { sample } = await startDemo({ GRPC_PORT: '10500x' });
    expect(await sample.end()).toEqual({ code: 1, signal: null });
    expect(sample.lines).toEqual(['demo    | GRPC_PORT: must be a port from 1 to 65535, got "10500x".']);
  });

  it('says so if the service crashes', async () => {
    const { sample } = await startDemo();
    await sample.line(/is Serving/);
    send(sample.servicePid ?? 0, 'SIGKILL');
    expect(await sample.end()).toEqual({ code: 1, signal: null });
    expect(sample.lines.at(-1)).toBe(
      'demo    | The service has ended by itself, killed by SIGKILL, without drain and deregister',
    );
    expectNoTrace(sample);
  });

  it.each([/Starting the service/, /stays up/])(
    'leaves no service running if it is killed after %s',
    async (line) => {
      const { sample } = await startDemo();
      await sample.line(line);
      const pid = sample.servicePid ?? 0;
      expect(isAlive(pid)).toBe(true);
      sample.signal('SIGKILL');
      await sample.end();
      await until(() => !isAlive(pid), 'the service to shut down by itself');
    },
  );
});
