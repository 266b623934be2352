import { afterEach, beforeEach, describe, expect, it, jest } from '@jest/globals';
import { EmbeddedAgent } from '../../lib/testing/index.js';
import { SampleProcess } from './support/sample.process.js';

jest.setTimeout(60_000);

describe('sample 05: an HTTP service', () => {
  let agent: EmbeddedAgent;
  let sample: SampleProcess;
  let url: string;

  beforeEach(async () => {
    agent = new EmbeddedAgent();
    await agent.start();
    sample = new SampleProcess('05-http-service/dist/main.js', {
      HTTP_PORT: '0',
      SIDECAR_AGENT_BASE_URL: agent.url,
      DRAIN_DELAY: '500ms',
      GRACE_PERIOD: '5s',
    });
    const books = await agent.waitFor(() => agent.services().find(({ state }) => state === 'Serving'), {
      timeout: 30_000,
    });
    url = `http://127.0.0.1:${books.port}`;
  });

  afterEach(async () => {
    await SampleProcess.endAll();
    await agent.stop();
  });

  const get = (path: string) => fetch(`${url}${path}`, { headers: { connection: 'close' } });

  it('registers its routes, on the port that it listens on', async () => {
    const register = agent.requests().find(({ path }) => path === '/register');
    const { http_routes } = JSON.parse(register?.rawBody ?? '{}') as { http_routes: unknown };
    expect(http_routes).toEqual([
      { http_method: 'GET', path: '/api/v1/books' },
      { http_method: 'GET', path: '/api/v1/books/{isbn}' },
      { http_method: 'POST', path: '/api/v1/books' },
    ]);
    expect(await (await get('/api/v1/books/9780141439518')).json()).toMatchObject({
      title: 'Pride and Prejudice',
    });
    expect((await get('/api/v1/books/0')).status).toBe(404);
    expect((await get('/health')).status).toBe(200);
  });

  it('drains, serves on, deregisters and exits with 0 at SIGTERM', async () => {
    sample.signal('SIGTERM');
    await agent.waitFor(() => agent.services().some(({ state }) => state === 'Draining'));
    expect((await get('/api/v1/books')).status).toBe(200);
    expect(await sample.end()).toEqual({ code: 0, signal: null });
    expect(agent.services()).toMatchObject([{ name: 'books', state: 'Deregistered' }]);
  });
});
