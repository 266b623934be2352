import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { networkInterfaces, tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, describe, expect, it } from '@jest/globals';
import { SidecarAgent, SidecarClock, SidecarConnectionError } from '../../lib/index.js';
import { freePort } from '../support/free-port.js';
import { createGreeterApp, type GreeterApp, type GreeterOptions } from '../support/greeter-app.js';
import { GreeterClient } from '../support/greeter.js';
import { ScriptedAgent } from '../support/scripted-agent.js';
import { statusWhere } from '../support/status-where.js';
import { BookedClock } from './support/booked-clock.js';
import { NameService } from './support/name-service.js';
import { WatchRun } from './support/watch-run.js';

const loopbacks = [
  { only: 'IPv4', host: '127.0.0.1' },
  { only: 'IPv6', host: '::1' },
].filter(({ host }) =>
  Object.values(networkInterfaces()).some((all) => all?.some(({ address }) => address === host)),
);
if (loopbacks.length < 2) {
  console.warn(`Only ${loopbacks.map(({ only }) => only).join()} is there on this machine, and tested.`);
}

describe('connecting', () => {
  let agent: ScriptedAgent;
  let greeter: GreeterApp | undefined;
  let run: WatchRun | undefined;
  let names: NameService | undefined;

  afterEach(async () => {
    await greeter?.app.close();
    run?.stop();
    names?.close();
    greeter = run = names = undefined;
    await agent.close();
  });

  async function start(more: GreeterOptions): Promise<GreeterApp> {
    greeter = await createGreeterApp('microservice', { gracePeriod: 0, ...more });
    await greeter.listen();
    return greeter;
  }

  it('connection refused, the agent absent at start: the app boots and serves; the loop goes on with backoff; one log line when it begins, one when it ends', async () => {
    agent = new ScriptedAgent();
    const port = await freePort();
    const clock = new BookedClock(3);
    const providers = [{ provide: SidecarClock, useValue: clock }];
    const baseUrl = `http://127.0.0.1:${port}`;
    const failures: string[] = [];
    const onError = ({ kind }: { kind: string }) => void failures.push(kind);
    const { app, logs, port: grpcPort } = await start({ baseUrl, providers, onError });
    const client = new GreeterClient(grpcPort);
    await expect(client.greet('you')).resolves.toBe('hello you');
    client.close();

    const waiting = await statusWhere(app, () => failures.length === 3);
    expect(waiting).toMatchObject({
      phase: 'connecting',
      lastErrorKind: 'watch_connect',
      disconnectCount: 0,
    });
    await agent.listen({ port, host: '127.0.0.1' });
    clock.release();
    await app.get(SidecarAgent).registered();
    expect(clock.waits).toEqual([10, 20, 40]);
    expect(failures).toEqual(['watch_connect', 'watch_connect', 'watch_connect']);
    expect(logs.sidecar.filter((line) => line.includes(baseUrl))).toEqual([
      expect.stringMatching(/^warn Cannot reach the sidecar-agent .*ECONNREFUSED.*reconnecting/),
      expect.stringMatching(/^log Connected .*after 3 failed attempts/),
    ]);
  });

  it('a name does not resolve: retry, resolving anew each time', async () => {
    agent = await new ScriptedAgent().listen();
    // Unknown to the watch twice, and to the first register once.
    const unknownAt = new Set([1, 2, 4]);
    names = new NameService('agent.test', (query) => (unknownAt.has(query) ? [] : ['127.0.0.1']));
    const { app } = await start({ baseUrl: `http://agent.test:${agent.port}` });
    await app.get(SidecarAgent).registered();
    expect(names.queries).toBe(5);
    expect(app.get(SidecarAgent).status()).toMatchObject({
      disconnectCount: 0,
      registerReplayFailureCount: 1,
    });
    expect(agent.accepted).toBe(2);
  });

  it('a name that the system itself cannot resolve: retry', async () => {
    agent = new ScriptedAgent();
    // An empty label stands in no name service: no query leaves this host.
    run = new WatchRun({ baseUrl: 'http://no..agent:15010' });
    for (const error of await run.drops(3)) {
      expect(error.kind).toBe('watch_connect');
      expect(error.message).toMatch(
        /cannot reach the sidecar-agent at http:\/\/no\.\.agent:15010 \((ENOTFOUND|EAI_AGAIN)\)/,
      );
    }
  });

  it('a Unix socket is missing, or not a socket: retry; it works once it is there', async () => {
    agent = new ScriptedAgent();
    const folder = mkdtempSync(join(tmpdir(), 'sidecar-agent-'));
    try {
      const socketPath = join(folder, 'agent.sock');
      const errors: { message: string; cause?: unknown }[] = [];
      const onError = (error: Error) => void errors.push(error);
      const { app } = await start({ socketPath, onError });
      await statusWhere(app, () => errors.length >= 2);
      for (const { message } of errors) expect(message).toMatch(/agent\.sock.*ENOENT.*check socketPath/);

      writeFileSync(socketPath, 'no socket');
      const before = errors.length;
      await statusWhere(app, () => errors.length >= before + 3);
      expect(errors.at(-1)?.message).toMatch(/agent\.sock.*(ECONNREFUSED|ENOTSOCK).*check socketPath/);

      rmSync(socketPath);
      await agent.listen({ path: socketPath });
      await app.get(SidecarAgent).registered();
      expect(agent.requests.map(({ path }) => path)).toEqual(['/watch', '/register']);
      expect(agent.requests[0]?.headers.host).toBe('127.0.0.1:15010');
    } finally {
      await greeter?.app.close();
      greeter = undefined;
      await agent.close();
      rmSync(folder, { recursive: true });
    }
  });

  it('port 10080, which fetch calls bad: works', async () => {
    // The one test that needs a port of its own: where it is taken, this fails with EADDRINUSE.
    agent = await new ScriptedAgent().listen({ port: 10_080, host: '127.0.0.1' });
    await expect(fetch(agent.url)).rejects.toMatchObject({ cause: { message: 'bad port' } });
    const { app } = await start({ baseUrl: agent.url });
    await app.get(SidecarAgent).registered();
    expect(agent.requests.map(({ path }) => path)).toEqual(['/watch', '/register']);
  });

  describe.each(loopbacks)('localhost as $only only', ({ host }) => {
    describe.each([{ order: ['127.0.0.1', '::1'] }, { order: ['::1', '127.0.0.1'] }])(
      'where the name stands for $order',
      ({ order }) => {
        it('works', async () => {
          agent = await new ScriptedAgent().listen({ port: 0, host });
          names = new NameService('localhost', () => order);
          const { app } = await start({ baseUrl: `http://localhost:${agent.port}` });
          await app.get(SidecarAgent).registered();
          expect(app.get(SidecarAgent).status()).toMatchObject({
            lastErrorKind: null,
            registerReplayCount: 1,
          });
          expect(names.queries).toBe(2);
        });
      },
    );
  });

  it('localhost where nothing listens on either: retry, and the error says so', async () => {
    agent = new ScriptedAgent();
    names = new NameService('localhost', () => ['127.0.0.1', '::1']);
    run = new WatchRun({ baseUrl: `http://localhost:${await freePort()}` });
    const [error] = await run.drops(3);
    expect(error?.kind).toBe('watch_connect');
    expect(error?.message).toMatch(
      /cannot reach the sidecar-agent at http:\/\/localhost:\d+ \(ECONNREFUSED\): is it running\?/,
    );
    expect(names.queries).toBeGreaterThanOrEqual(3);
  });

  it('a name that resolves for the watch and not for a register: the error is the connection’s, with its code', async () => {
    agent = await new ScriptedAgent().listen();
    names = new NameService('agent.test', (query) => (query === 2 ? [] : ['127.0.0.1']));
    const causes: unknown[] = [];
    const onError = (error: Error) => void causes.push(error.cause);
    const { app } = await start({ baseUrl: `http://agent.test:${agent.port}`, onError });
    await app.get(SidecarAgent).registered();
    expect(causes).toHaveLength(1);
    expect(causes[0]).toBeInstanceOf(SidecarConnectionError);
    expect(causes[0]).toMatchObject({ code: 'ENOTFOUND', kind: 'sidecar_connection' });
  });
});
