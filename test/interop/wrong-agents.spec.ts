import { once } from 'node:events';
import { type RequestListener, type Server, createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterEach, describe, expect, it } from '@jest/globals';
import { EmbeddedAgent, type EmbeddedAgentOptions } from '../../lib/testing/index.js';
import { InteropProcess, failedChecks, liveInstances, runInterop } from './support/interop.process.js';

describe('npm run test:interop against an agent that breaks the protocol', () => {
  const agents: EmbeddedAgent[] = [];
  const servers: Server[] = [];
  const start = async (options: EmbeddedAgentOptions = {}): Promise<EmbeddedAgent> => {
    const agent = new EmbeddedAgent({ heartbeatInterval: 100, dialect: 'node', ...options });
    agents.push(agent);
    await agent.start();
    return agent;
  };
  const serve = async (listener: RequestListener): Promise<string> => {
    const server = createServer(listener).listen(0, '127.0.0.1');
    servers.push(server);
    await once(server, 'listening');
    return `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  };
  const run = async (url: string, ...args: string[]) => {
    const result = await runInterop(['--url', url, '--timeout', '400ms', ...args]);
    expect(result.code).toBe(1);
    return { ...result, failed: failedChecks(result) };
  };
  afterEach(async () => {
    InteropProcess.killAll();
    await Promise.all(agents.splice(0).map((agent) => agent.stop()));
    for (const server of servers.splice(0)) {
      server.closeAllConnections();
      server.close();
    }
  });

  it('names the register that is answered 500', async () => {
    const agent = await start();
    agent.failNext('/register', { status: 500, times: 1_000, landed: true });
    const { failed, stdout } = await run(agent.url);
    expect(failed).toContain('register: a new service is answered 2xx');
    expect(stdout).toContain('NOT SEEN replay: the same bytes again are answered 2xx');
    expect(stdout).toMatch(/FAIL +register +a new service is answered 2xx +500 register_failed "scripted/);
    expect(liveInstances(agent)).toEqual([]);
  });

  it('names a register that is 200 and says that it failed', async () => {
    const agent = await start();
    agent.failNext('/register', { status: 200, body: { success: false, message: 'no room' }, times: 1_000 });
    const { failed, stdout } = await run(agent.url);
    expect(failed).toContain('register: a new service is answered 2xx');
    expect(stdout).toContain('200 "no room"');
  });

  it('names a deregister of an instance it never held that is answered 200', async () => {
    const agent = await start();
    const body = { success: true, code: 'deregister_ok' };
    agent.failNext('/deregister', { status: 200, body, times: 1_000, landed: true });
    const { failed } = await run(agent.url);
    expect(failed).toContain('deregister: a deregister of an unknown instance is 400');
    expect(failed).not.toContain('deregister: a deregister is answered 2xx');
  });

  it('names the drain that hangs, and continues', async () => {
    const agent = await start({ dialect: 'flat' });
    agent.hang('/drain');
    const { failed, stdout } = await run(agent.url);
    expect(failed).toContain('drain: a drain is answered 2xx');
    expect(failed).not.toContain('deregister: a deregister is answered 2xx');
    expect(stdout).toContain('no complete answer within 400 ms');
    expect(liveInstances(agent)).toEqual([]);
  });

  it('names an answer that is not an event stream', async () => {
    const agent = await start();
    agent.failNext('/watch', { status: 200, body: '<p>', headers: { 'content-type': 'text/html' } });
    const { failed, stdout } = await run(agent.url);
    expect(failed).toEqual(['watch: its content type is text/event-stream']);
    expect(stdout).toContain('NOT SEEN watch: the first event is connected, in time');
  });

  it('names a stream that is not answered', async () => {
    const agent = await start();
    agent.hang('/watch');
    const { failed } = await run(agent.url);
    expect(failed).toContain('watch: GET /watch is answered 200');
    expect(failed).toContain('reconnect: a second stream begins with connected');
  });

  it('names a stream that never sends connected', async () => {
    const url = await serve((request, response) => {
      if (request.url !== '/watch') return void response.writeHead(404).end();
      response.writeHead(200, { 'content-type': 'text/event-stream' }).write(': hello\n\n');
    });
    const { failed, stdout } = await run(url);
    expect(failed).toContain('watch: the first event is connected, in time');
    expect(stdout).toContain('no event within 400 ms');
  });

  it('names a stream that breaks off, and a frame that is broken', async () => {
    const agent = await start();
    agent.on('request', ({ path }) => {
      if (path !== '/drain') return;
      agent.writeToStreams('event: heartbeat\ndata: {"event":\n\n');
      setTimeout(() => agent.dropStreams(), 20);
    });
    const { failed } = await run(agent.url);
    expect(failed).toContain('stream: it stays open during all checks');
    expect(failed).toContain('stream: frames keep the rules of event streams');
  });

  it('names everything that an agent accepts and should refuse', async () => {
    const url = await serve((request, response) => {
      request.resume().on('end', () => response.writeHead(200).end('{}'));
    });
    const { failed } = await run(url, '--dialect', 'flat');
    expect(failed).toEqual(
      expect.arrayContaining([
        'deregister: a deregister of an unknown instance is 400',
        'deregister: a drain of an unknown instance is 400',
        'bad input: broken JSON is refused',
        'bad input: weight 0 is refused',
        'bad input: an unknown path is 404 in plain text',
      ]),
    );
  });

  it('names refusals in neither dialect', async () => {
    const url = await serve((_request, response) => void response.writeHead(400).end('no'));
    const { failed } = await run(url, '--dialect', 'node');
    expect(failed).toContain('bad input: a register in the other dialect is 400');
    expect(failed).toContain('bad input: refusals are in its dialect');
  });
});
