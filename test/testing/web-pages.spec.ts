import type { OutgoingHttpHeaders } from 'node:http';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';

import { EmbeddedAgent } from '../../lib/testing/index.js';
import { flatRegister, nodeRegister } from './support/bodies.js';
import { type Answer, send } from './support/http.js';

const PORT = 9;
const JSON_TYPE = { 'content-type': 'application/json' };

describe('EmbeddedAgent and web pages', () => {
  let agent: EmbeddedAgent;
  beforeEach(async () => {
    agent = new EmbeddedAgent({ hosts: ['sidecar-agent', 'Agent.Internal'] });
    await agent.start();
  });
  afterEach(() => agent.stop());

  const register = (headers: OutgoingHttpHeaders, body: object = nodeRegister(PORT)): Promise<Answer> =>
    send(`${agent.url}/register`, 'POST', body, headers);

  describe('the header Origin', () => {
    it.each(['https://evil.example', 'http://localhost:3000', 'null', 'http://127.0.0.1', ''])(
      'is refused without effect: %j',
      async (origin) => {
        const { status, json } = await register({ ...JSON_TYPE, origin });
        expect(status).toBe(403);
        expect(json).toMatchObject({
          success: false,
          code: 'origin_refused',
          message: `the header Origin must be left out or be ${agent.url}, got ${JSON.stringify(origin)}: requests from web pages are refused`,
        });
        expect(agent.services()).toEqual([]);
        expect(agent.requests()).toMatchObject([{ path: '/register', status: 403 }]);
      },
    );

    it("is taken if it is the agent's own address", async () => {
      expect((await register({ ...JSON_TYPE, origin: agent.url })).status).toBe(200);
      const host = `localhost:${agent.port}`;
      expect((await register({ ...JSON_TYPE, host, origin: `http://${host}` })).status).toBe(200);
    });

    it('is refused on pages and streams, in plain text', async () => {
      for (const path of ['/watch', '/debug/services', '/healthz', '/nowhere']) {
        const answer = await send(agent.url + path, 'GET', undefined, { origin: 'https://evil.example' });
        expect(answer.status).toBe(403);
        expect(answer.headers['content-type']).toMatch(/^text\/plain/);
        expect(answer.text).toContain('Origin');
      }
      expect(agent.watchers).toBe(0);
    });

    it('is refused in the dialect of the body, and uses up no script', async () => {
      agent.failNext('/register', { status: 500 });
      const refused = await register({ ...JSON_TYPE, origin: 'null' }, flatRegister(PORT));
      expect(refused).toMatchObject({ status: 403, json: { error: expect.stringContaining('Origin') } });
      expect((await register(JSON_TYPE)).status).toBe(500);
    });
  });

  describe('the header Host', () => {
    it.each([
      'evil.example',
      'localhost.evil.example',
      '127.0.0.1.evil.example:15010',
      'sidecar-agent2',
      '[x]',
      '1.2.3',
    ])('is refused without effect: %j', async (host) => {
      const { status, json } = await register({ ...JSON_TYPE, host });
      expect(status).toBe(403);
      expect(json).toMatchObject({
        code: 'host_refused',
        message: `the header Host must be localhost or an IP address, got ${JSON.stringify(host)}. If your services use this name, add it to the option hosts`,
      });
      expect(agent.services()).toEqual([]);
    });

    it.each([
      'localhost',
      'LOCALHOST:1',
      '127.0.0.1',
      '10.0.0.1:80',
      '[::1]:15010',
      'sidecar-agent:15010',
      'agent.internal',
    ])('is taken: %j', async (host) => {
      expect((await register({ ...JSON_TYPE, host })).status).toBe(200);
    });

    it('is refused even if the Origin fits it, as after DNS rebinding', async () => {
      const host = `evil.example:${agent.port}`;
      expect((await register({ ...JSON_TYPE, host, origin: `http://${host}` })).status).toBe(403);
    });

    it('bounds what the message repeats', async () => {
      const { json } = await register({ ...JSON_TYPE, host: 'e'.repeat(5_000) });
      expect(String(json['message']).length).toBeLessThan(300);
    });
  });

  describe('the header Content-Type', () => {
    it.each([
      'text/plain;charset=UTF-8',
      'application/x-www-form-urlencoded',
      'multipart/form-data',
      'application/jsonp',
      undefined,
    ])('is refused without effect: %j', async (type) => {
      const { status, json } = await register(type === undefined ? {} : { 'content-type': type });
      expect(status).toBe(415);
      expect(json).toMatchObject({
        code: 'content_type_refused',
        message: `the header Content-Type must be application/json, got ${type === undefined ? 'none' : JSON.stringify(type)}`,
      });
      expect(agent.services()).toEqual([]);
    });

    it.each(['application/json', 'Application/JSON; charset=utf-8'])('is taken: %j', async (type) => {
      expect((await register({ 'content-type': type })).status).toBe(200);
    });

    it.each(['/drain', '/deregister'])('is refused at %s too', async (path) => {
      await register(JSON_TYPE);
      const answer = await send(agent.url + path, 'POST', {}, { 'content-type': 'text/plain' });
      expect(answer.status).toBe(415);
    });
  });

  it('never agrees to a preflight', async () => {
    const answer = await send(`${agent.url}/register`, 'OPTIONS', undefined, {
      origin: 'https://evil.example',
      'access-control-request-method': 'POST',
      'access-control-request-headers': 'content-type',
    });
    expect(answer.status).toBe(403);
    expect(Object.keys(answer.headers).filter((name) => name.startsWith('access-control'))).toEqual([]);
  });
});
