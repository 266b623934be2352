import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { EmbeddedAgent, serveAgentPage } from '../../lib/testing/index.js';
import { get, send } from '../testing/support/http.js';

describe('the page of an agent', () => {
  let agent: EmbeddedAgent;

  beforeEach(async () => {
    agent = new EmbeddedAgent();
    await serveAgentPage(agent);
    await agent.start();
  });

  afterEach(() => agent.stop());

  it.each([
    ['/', /^text\/html/, '<script type="module" src="/page/page.js">'],
    ['/page/page.css', /^text\/css/, 'prefers-color-scheme: dark'],
    ['/page/icon.svg', /^image\/svg\+xml/, '<svg'],
  ])('serves %s', async (path, type, part) => {
    const { status, headers, text } = await get(agent.url + path);
    expect(status).toBe(200);
    expect(headers['content-type']).toMatch(type);
    expect(text).toContain(part);
  });

  it('allows a browser what the agent itself serves, and nothing else', async () => {
    for (const path of ['/', '/page/page.css', '/page/nothing', '/page/chaos']) {
      const { headers } = await get(agent.url + path);
      const policy = String(headers['content-security-policy']).split('; ').sort();
      expect(policy).toEqual([
        "base-uri 'none'",
        "connect-src 'self'",
        "default-src 'none'",
        "form-action 'none'",
        "frame-ancestors 'none'",
        "img-src 'self'",
        "script-src 'self'",
        "style-src 'self'",
      ]);
      expect(headers).toMatchObject({
        'x-content-type-options': 'nosniff',
        'referrer-policy': 'no-referrer',
        'cross-origin-resource-policy': 'same-origin',
        'cache-control': 'no-store',
      });
    }
  });

  it('has no code and no style in its HTML, which the policy would refuse', async () => {
    const { text } = await get(`${agent.url}/`);
    expect(text).not.toMatch(/<script(?![^>]* src=)|<style| style=| on\w+=|https?:/);
  });

  it.each(['/', '/page/page.css', '/page/events', '/page/nothing'])(
    'refuses %s for a name that is not of this host, and for other origins',
    async (path) => {
      const host = await send(agent.url + path, 'GET', undefined, { host: 'evil.example' });
      expect([host.status, host.text]).toEqual([403, expect.stringContaining('Host')]);
      const origin = await send(agent.url + path, 'GET', undefined, { origin: 'https://evil.example' });
      expect([origin.status, origin.text]).toEqual([403, expect.stringContaining('Origin')]);
      // Not the page, and so not the answers that only the page may have.
      expect(origin.headers['content-type']).toMatch(/^text\/plain/);
    },
  );

  it('has its headers in refusals, and refuses the stream to pages of other sites', async () => {
    const refused = await send(`${agent.url}/page/events`, 'GET', undefined, { host: 'evil.example' });
    expect([refused.status, refused.headers['x-content-type-options']]).toEqual([403, 'nosniff']);
    for (const site of ['cross-site', 'same-site']) {
      const { status } = await send(`${agent.url}/page/events`, 'GET', undefined, { 'sec-fetch-site': site });
      expect(status).toBe(403);
    }
  });

  it('answers HEAD as GET, without the body', async () => {
    const { status, headers, text } = await send(`${agent.url}/`, 'HEAD');
    expect([status, headers['content-type'], text]).toEqual([200, 'text/html; charset=utf-8', '']);
  });

  it('is added once', async () => {
    await expect(serveAgentPage(agent)).rejects.toMatchObject({
      kind: 'invalid_options',
      message: 'Cannot add a page: the agent has a page.',
    });
  });

  it('answers 405 to another method, and 404 to another path', async () => {
    const posted = await send(`${agent.url}/`, 'POST', {});
    expect([posted.status, posted.headers.allow]).toEqual([405, 'GET']);
    expect((await send(`${agent.url}/page/events`, 'POST', {})).status).toBe(405);
    expect((await get(`${agent.url}/page/../secret`)).status).toBe(404);
    expect((await get(`${agent.url}/page/%2e%2e/server/agent-page.ts`)).status).toBe(404);
  });

  it('leaves the API of the agent as it was, and is not in its log', async () => {
    agent.failNext('/healthz', { status: 500 });
    await get(`${agent.url}/`);
    expect(agent.requests()).toEqual([]);
    expect((await get(`${agent.url}/healthz`)).status).toBe(500);
    expect((await get(`${agent.url}/nothing`)).status).toBe(404);
    expect(agent.requests().map(({ path }) => path)).toEqual(['/healthz', '/nothing']);
  });

  it('is not there without serveAgentPage()', async () => {
    const plain = new EmbeddedAgent();
    await plain.start();
    expect((await get(`${plain.url}/`)).status).toBe(404);
    await plain.stop();
  });

  it('lets nobody fail the agent unless it was allowed', async () => {
    const answer = await send(`${agent.url}/page/chaos`, 'POST', { action: 'restart' });
    expect(answer.status).toBe(404);
  });
});
