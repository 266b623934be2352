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
  it('shows the service registering, answering, registering again and leaving', async () => {
    const demo = await startDemo({});
    const { sample, agentPort, grpcPort } = demo;
    await sample.line(/stays up until you press Ctrl-C/);
    await sample.line(/curl/);

    const url = `http://127.0.0.1:${agentPort}`;
    const held: unknown = await (await fetch(`${url}/debug/services`)).json();
    expect(held).toMatchObject({ services: [{ name: 'auth', port: grpcPort, state: 'Serving' }] });

    sample.signal('SIGINT');
    await expectGoodEnd(demo);
    const told = sample.lines.filter((line) => !line.startsWith('service'));
    expect(told).toEqual([
      `agent   | listens on ${url}, in this process`,
      `demo    | Starting the service as process ${sample.servicePid}, to listen on port ${grpcPort}`,
      `agent   | auth registered, on port ${grpcPort} with 3 methods:`,
      'agent   |   /acme.auth.v1.AuthService/Login',
      'agent   |   /acme.auth.v1.AuthService/Logout',
      'agent   |   /acme.auth.v1.AuthService/WatchSession',
      'agent   | auth is Serving',
      expect.stringMatching(
        /^demo {4}\| A gRPC call: Login { user: 'ada' } was answered {"token":".+","user":"ada"}$/,
      ),
      'demo    | Restarting the agent: it comes back and knows nobody',
      `agent   | auth registered again, on port ${grpcPort} with 3 methods`,
      'agent   | auth is Serving',
      'demo    | That was the demonstration. All of it stays up until you press Ctrl-C',
      `demo    | Look at what the agent holds:  curl ${url}/debug/services`,
      'demo    | SIGINT: the service is asked to leave',
      'agent   | drain of auth: no new calls, 5s for those in flight',
      'agent   | deregister of auth: no calls at all',
      'demo    | The service has left, and the agent goes too. Bye',
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
      'service | [SidecarAgent] Left the mesh: auth',
    ]);
  });

  it('passes on a signal that only the launcher got', async () => {
    const demo = await startDemo();
    await demo.sample.line(/stays up/);
    demo.sample.signalAlone('SIGTERM');
    await expectGoodEnd(demo);
    expectGoodbye(demo);
  });

  it.each(['SIDECAR_AGENT_PORT', 'GRPC_PORT'])('says what to do where %s is taken', async (variable) => {
    const port = await freePort();
    const holder = createServer().listen(port, '127.0.0.1');
    await once(holder, 'listening');
    try {
      const { sample } = await startDemo({ [variable]: String(port) });
      expect(await sample.end()).toEqual({ code: 1, signal: null });
      expect(sample.lines.at(-1)).toBe(
        `demo    | Cannot listen on port ${port}: it is taken. Stop what listens there, or choose another port: ` +
          `${variable}=${port + 1} npm start`,
      );
      expect(sample.servicePid).toBeUndefined();
      expectNoTrace(sample);
    } finally {
      holder.close();
    }
  });

  it('refuses what is no port', async () => {
    const { sample } = await startDemo({ GRPC_PORT: '10500x' });
    expect(await sample.end()).toEqual({ code: 1, signal: null });
    expect(sample.lines).toEqual([
      'demo    | GRPC_PORT is "10500x", which is no port: give a number from 1 to 65535.',
    ]);
  });

  it('says so where the service crashes', async () => {
    const { sample } = await startDemo();
    await sample.line(/is Serving/);
    send(sample.servicePid ?? 0, 'SIGKILL');
    expect(await sample.end()).toEqual({ code: 1, signal: null });
    expect(sample.lines.at(-1)).toBe(
      'demo    | The service has ended by itself, killed by SIGKILL; the agent was not told, as after any crash',
    );
    expectNoTrace(sample);
  });

  it.each([/Starting the service/, /stays up/])(
    'leaves no service behind where it is killed after %s',
    async (line) => {
      const { sample } = await startDemo();
      await sample.line(line);
      const pid = sample.servicePid ?? 0;
      expect(isAlive(pid)).toBe(true);
      sample.signal('SIGKILL');
      await sample.end();
      await until(() => !isAlive(pid), 'the service to leave by itself');
    },
  );
});
