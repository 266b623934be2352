import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';

import { EmbeddedAgent } from '../../lib/testing/index.js';
import type { AgentPath, ScriptedFailure } from '../../lib/testing/index.js';
import { flatRegister, nodeLeave, nodeRegister } from './support/bodies.js';
import { get, post } from './support/http.js';
import { WatchClient } from './support/watch-client.js';

const PORT = 9;

describe('EmbeddedAgent and scripted failures', () => {
  let agent: EmbeddedAgent;
  beforeEach(async () => {
    agent = new EmbeddedAgent();
    await agent.start();
  });
  afterEach(() => agent.stop());

  const register = (body: object = nodeRegister(PORT)) => post(`${agent.url}/register`, body);
  const arrived = (path: string, count = 1): Promise<unknown> =>
    agent.waitFor(() => agent.requests().filter((request) => request.path === path).length >= count);

  /** Sends a register whose client gives up once it has arrived. */
  async function giveUpRegister(): Promise<void> {
    const controller = new AbortController();
    const aborted = fetch(`${agent.url}/register`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify(nodeRegister(PORT)),
      signal: controller.signal,
    });
    await arrived('/register');
    controller.abort();
    await expect(aborted).rejects.toMatchObject({ name: 'AbortError' });
  }

  describe('failNext', () => {
    it('answers once as scripted, without effect, and then as usual', async () => {
      agent.failNext('/register', { status: 500 });
      const failed = await register();
      expect(failed.status).toBe(500);
      expect(failed.json).toMatchObject({ success: false, code: 'register_failed', data: null });
      expect(agent.services()).toEqual([]);
      expect((await register()).status).toBe(200);
    });

    it('answers as often as scripted, and uses several scripts in order', async () => {
      agent.failNext('/register', { status: 500, times: 2 });
      agent.failNext('/register', { status: 503 });
      const answers = [await register(), await register(), await register(), await register()];
      expect(answers.map(({ status }) => status)).toEqual([500, 500, 503, 200]);
      expect(agent.requests().map(({ status }) => status)).toEqual([500, 500, 503, 200]);
    });

    it('speaks the dialect of the body', async () => {
      agent.failNext('/register', { status: 400 });
      expect((await register(flatRegister(PORT))).json).toEqual({ error: expect.any(String) });
    });

    it('leaves other paths alone', async () => {
      agent.failNext('/drain', { status: 500 });
      expect((await register()).status).toBe(200);
      expect((await post(`${agent.url}/drain`, nodeLeave())).status).toBe(500);
      expect(agent.services()[0]?.state).not.toBe('Draining');
    });

    it('sends the body and headers it was given', async () => {
      agent.failNext('/register', { status: 200, body: { success: false, code: 'not_ready' } });
      const json = await register();
      expect(json).toMatchObject({ status: 200, json: { success: false, code: 'not_ready' } });
      agent.failNext('/register', { status: 502, body: '<html>', headers: { 'content-type': 'text/html' } });
      const html = await register();
      expect(html).toMatchObject({ status: 502, text: '<html>', headers: { 'content-type': 'text/html' } });
      agent.failNext('/register', { status: 307, headers: { location: 'http://127.0.0.1:1/' } });
      expect((await register()).headers.location).toBe('http://127.0.0.1:1/');
    });

    it('can fail after the effect', async () => {
      agent.failNext('/register', { status: 500, landed: true });
      expect((await register()).status).toBe(500);
      expect(agent.services()).toMatchObject([{ name: 'auth' }]);
    });

    it('refuses a watch', async () => {
      agent.failNext('/watch', { status: 503, body: 'starting' });
      const refused = await get(`${agent.url}/watch`);
      expect(refused).toMatchObject({ status: 503, text: 'starting' });
      expect(agent.watchers).toBe(0);
      await (await WatchClient.open(agent.url)).reads(/connected/);
    });

    it('outlasts a restart', async () => {
      agent.failNext('/register', { status: 500 });
      await agent.restart();
      expect((await register()).status).toBe(500);
    });

    it.each<[string, ScriptedFailure, RegExp]>([
      ['/registr', { status: 500 }, /path: must be one of \/register, .*, got "\/registr"/],
      ['/register', { status: 99 }, /status: must be 200 to 599, got 99/],
      ['/register', { status: 500, times: 0 }, /times: must be a whole number above 0, got 0/],
      ['/register', { status: 500, headers: { 'bad name': 'x' } }, /bad name/],
    ])('refuses an invalid script: %s %j', (path, failure, message) => {
      expect(() => agent.failNext(path as AgentPath, failure)).toThrow(message);
    });
  });

  describe('hang and resume', () => {
    it('holds requests without effect, and performs them in order at the resume', async () => {
      agent.hang('/register');
      const first = register();
      await arrived('/register');
      const second = register(nodeRegister(PORT, { app: { version: 'v2' } }));
      await arrived('/register', 2);
      expect((await get(`${agent.url}/healthz`)).status).toBe(200);
      expect(agent.services()).toEqual([]);
      expect(agent.requests().map(({ path, status }) => [path, status])).toEqual([
        ['/register', undefined],
        ['/register', undefined],
        ['/healthz', 200],
      ]);
      agent.resume('/register');
      expect((await first).json).toMatchObject({ data: { version: 'v1.3.4' } });
      expect((await second).json).toMatchObject({ data: { version: 'v2' } });
      expect((await register(nodeRegister(PORT, { app: { version: 'v2' } }))).status).toBe(200);
    });

    it('performs a held request even if its client has disconnected', async () => {
      agent.hang('/register');
      await giveUpRegister();
      agent.resume('/register');
      expect(agent.services()).toMatchObject([{ name: 'auth', state: 'Registered' }]);
      agent.resume('/register');
      expect(agent.services()).toMatchObject([{ replays: 0 }]);
    });

    it('holds a watch before its headers', async () => {
      agent.hang('/watch');
      const opening = WatchClient.open(agent.url);
      await arrived('/watch');
      expect(agent.watchers).toBe(0);
      agent.resume('/watch');
      await (await opening).reads(/event: connected/);
      expect(agent.watchers).toBe(1);
    });

    it('opens no stream if the client has disconnected meanwhile', async () => {
      agent.hang('/watch');
      const controller = new AbortController();
      const aborted = fetch(`${agent.url}/watch`, { signal: controller.signal }).catch(() => undefined);
      await arrived('/watch');
      controller.abort();
      await aborted;
      // The agent sees the end of that connection before it answers a newer one.
      for (let i = 0; i < 3; i += 1) await get(`${agent.url}/healthz`);
      agent.resume('/watch');
      await agent.waitFor(() => agent.watchers === 0);
    });

    it('drops held requests at a restart, and still hangs', async () => {
      agent.hang('/register');
      const lost = register().catch((error: unknown) => error);
      await arrived('/register');
      await agent.restart();
      expect(await lost).toMatchObject({ code: 'ECONNRESET' });
      const held = register();
      await arrived('/register', 2);
      agent.resume('/register');
      expect((await held).status).toBe(200);
      expect(agent.services()).toHaveLength(1);
    });

    it('applies scripts to a held request at the resume', async () => {
      agent.hang('/register');
      const held = register();
      await arrived('/register');
      agent.failNext('/register', { status: 500 });
      agent.resume('/register');
      expect((await held).status).toBe(500);
    });

    it('refuses unknown paths', () => {
      expect(() => agent.hang('/nowhere' as AgentPath)).toThrow(/must be one of/);
      expect(() => agent.resume('/nowhere' as AgentPath)).toThrow(/must be one of/);
    });
  });

  describe('slow', () => {
    const LATE = 150;

    it('acts at once and answers late, until it is ended', async () => {
      agent.slow('/register', LATE);
      const answer = register();
      let answered = false;
      void answer.then(() => (answered = true));
      await arrived('/register');
      const started = performance.now();
      expect(agent.services()).toMatchObject([{ name: 'auth' }]);
      expect((await get(`${agent.url}/healthz`)).status).toBe(200);
      expect(answered).toBe(false);
      expect(agent.requests()[0]?.status).toBeUndefined();
      expect((await answer).status).toBe(200);
      // Timers may fire a millisecond early.
      expect(performance.now() - started).toBeGreaterThan(LATE - 20);
      agent.slow('/register', 0);
      const again = performance.now();
      await register();
      expect(performance.now() - again).toBeLessThan(LATE - 20);
    });

    it('has performed a request whose client gave up', async () => {
      agent.slow('/register', 60_000);
      await giveUpRegister();
      expect(agent.services()).toHaveLength(1);
    });

    it('delays a scripted answer, and the headers of a stream', async () => {
      agent.slow('/register', LATE);
      agent.slow('/watch', LATE);
      agent.failNext('/register', { status: 500 });
      const started = performance.now();
      const [failed, stream] = await Promise.all([register(), WatchClient.open(agent.url)]);
      expect(performance.now() - started).toBeGreaterThan(LATE - 20);
      expect(failed.status).toBe(500);
      await stream.reads(/connected/);
    });

    it('drops waiting answers at a restart, and stays slow', async () => {
      agent.slow('/register', LATE);
      const lost = register().catch((error: unknown) => error);
      await arrived('/register');
      await agent.restart();
      expect(await lost).toMatchObject({ code: 'ECONNRESET' });
      const started = performance.now();
      expect((await register()).status).toBe(200);
      expect(performance.now() - started).toBeGreaterThan(LATE - 20);
    });

    it.each<[string, number, RegExp]>([
      ['/nowhere', 1, /path: must be one of/],
      ['/register', -1, /milliseconds: must be 0 to 2147483647, got -1/],
      ['/register', Number.NaN, /got NaN/],
      ['/register', 2 ** 31, /got 2147483648/],
    ])('refuses slow(%s, %d)', (path, milliseconds, message) => {
      expect(() => agent.slow(path as AgentPath, milliseconds)).toThrow(message);
    });
  });
});
