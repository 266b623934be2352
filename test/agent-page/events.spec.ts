import type { Server } from 'node:net';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import type { MomentView } from '../../lib/agent-page/view/page-state.js';
import { EmbeddedAgent, type EmbeddedAgentOptions, serveAgentPage } from '../../lib/testing/index.js';
import { flatRegister, nodeLeave, nodeRegister } from '../testing/support/bodies.js';
import { post, send } from '../testing/support/http.js';
import { close, listenOn, portOf } from '../testing/support/ports.js';
import { WatchClient } from '../testing/support/watch-client.js';
import { PageClient } from './support/page-client.js';

describe('the event stream of the page', () => {
  let agent: EmbeddedAgent;
  let page: PageClient;

  const start = async (options: EmbeddedAgentOptions = {}): Promise<void> => {
    agent = new EmbeddedAgent(options);
    await serveAgentPage(agent);
    await agent.start();
    page = new PageClient(agent.url);
    await page.until(() => true);
  };

  beforeEach(() => start());

  afterEach(async () => {
    await page.close();
    await agent.stop();
  });

  const restartWith = async (options: EmbeddedAgentOptions): Promise<void> => {
    await page.close();
    await agent.stop();
    await start(options);
  };
  const register = (body: object) => post(`${agent.url}/register`, body);
  const serverAccepts = (server: Server) => new Promise((resolve) => server.once('connection', resolve));
  const told = () => (page.state?.moments ?? []).map(({ event, text }) => `${event} ${text}`).reverse();
  const latest = (event: MomentView['event']) =>
    page.until(({ moments }) => moments.find((moment) => moment.event === event));

  it('starts with a snapshot, which has what was before', async () => {
    const { headers } = await page.response;
    expect(headers['content-type']).toBe('text/event-stream');
    expect(page.state).toEqual({
      agent: { url: agent.url, dialect: 'both', hasChaos: false },
      instances: [],
      streams: 0,
      faults: { isSilent: false, armed: [] },
      refused: [],
      moments: [expect.objectContaining({ event: 'started', text: agent.url, detail: 'dialect both' })],
    });
    await register(nodeRegister(1));
    const second = new PageClient(agent.url);
    await second.until(({ instances }) => instances.length === 1);
    expect(second.text.match(/^event: /gm)).toHaveLength(1);
    expect(second.state?.moments[0]?.event).toBe('registered');
    await second.close();
  });

  it('follows an instance from its register to its deregister', async () => {
    const server = await listenOn();
    const port = portOf(server);
    await register(nodeRegister(port));
    await latest('serving');
    await register(nodeRegister(port));
    await register(nodeRegister(port));
    await page.until(({ instances }) => instances[0]?.replays === 2);
    expect(page.state?.instances).toMatchObject([{ name: 'auth', port, state: 'Serving', weight: 100 }]);
    await post(`${agent.url}/drain`, nodeLeave({ grace_period: '5s' }));
    await page.until(({ instances }) => instances[0]?.drainDeadline);
    await post(`${agent.url}/deregister`, nodeLeave());
    await page.until(({ instances }) => instances[0]?.state === 'Deregistered');
    const name = `auth on port ${port}`;
    expect(told().slice(1)).toEqual([
      `registered ${name}`,
      `serving ${name}`,
      `again ${name}`,
      `draining ${name}`,
      `deregistered ${name}`,
    ]);
    expect((await latest('again')).count).toBe(2);
    expect((await latest('again')).detail).toBe('2 replays');
    expect((await latest('registered')).detail).toBe('dialect node, v1.3.4, weight 100, 2 methods');
    await close(server);
  });

  it('shows an instance that is back, and not what was deregistered before', async () => {
    await register(nodeRegister(1));
    await post(`${agent.url}/deregister`, nodeLeave());
    await page.until(({ instances }) => instances[0]?.state === 'Deregistered');
    await register(nodeRegister(1));
    await page.until(({ instances }) => instances[0]?.state === 'Registered');
    expect(page.state?.instances).toHaveLength(1);
  });

  it('has the latest 50 deregistered instances', async () => {
    const id = (index: number) => `instance-${index}`;
    for (let index = 0; index < 55; index += 1) {
      await register(nodeRegister(1, { app: { instance_id: id(index) } }));
      await post(`${agent.url}/deregister`, nodeLeave({ app_instance_id: id(index) }));
    }
    await page.until(({ instances }) => instances.some(({ instanceId }) => instanceId === id(54)));
    await page.until(({ instances }) => instances.length === 50);
    expect(page.state?.instances.some(({ instanceId }) => instanceId === id(4))).toBe(false);
  });

  it('calls an answer a refusal from which no instance comes, be it 200', async () => {
    agent.failNext('/register', { status: 200, body: { success: false, message: 'not today' } });
    await register(nodeRegister(1));
    expect((await latest('refused')).refusal).toMatchObject({ status: 200, reason: 'not today' });
  });

  it('tells of the streams of services, and not of those of pages', async () => {
    const client = await WatchClient.open(agent.url);
    await page.until(({ streams }) => streams === 1);
    client.close();
    await page.until(({ streams }) => streams === 0);
    expect(told().slice(1)).toEqual([
      'stream-opened 1 event stream is open',
      'stream-closed 0 event streams are open',
    ]);
  });

  it('says why a second service is refused, and what differs', async () => {
    await restartWith({ dialect: 'flat' });
    await register(flatRegister(10500));
    const second = flatRegister(10501, { version: 'v2', methods: ['/acme.auth.v1.AuthService/Logout'] });
    await register(second);
    await register(second);
    const [refused] = await page.until((state) => state.refused[0]?.count === 2 && state.refused);
    expect(refused).toMatchObject({
      service: 'auth',
      port: 10501,
      refusal: {
        method: 'POST',
        path: '/register',
        status: 400,
        reason: 'route document conflict',
        differences: [
          { field: 'port', published: '10500', given: '10501' },
          { field: 'version', published: 'v1.3.4', given: 'v2' },
          {
            field: 'methods',
            published: '/acme.auth.v1.AuthService/Login',
            given: '/acme.auth.v1.AuthService/Logout',
          },
        ],
      },
    });
    expect(refused?.refusal.advice?.remedies.join()).toContain('routes/prod/default/auth/current');
    const moment = await latest('refused');
    expect(moment.text).toBe('auth on port 10501, POST /register answered 400: route document conflict');
    expect(moment.count).toBe(2);

    agent.forgetRoutes('auth');
    await register(second);
    await page.until((state) => state.refused.length === 0);
  });

  it('knows what was published after a restart of the agent, which has no instances any more', async () => {
    await restartWith({ dialect: 'flat' });
    await register(flatRegister(10500));
    await agent.restart();
    await page.close();
    page = new PageClient(agent.url);
    await register(flatRegister(10501));
    const [refused] = await page.until((state) => state.refused[0] && state.refused);
    expect(refused?.refusal.differences).toEqual([{ field: 'port', published: '10500', given: '10501' }]);
    expect(page.state?.instances).toEqual([]);
    expect(told()).toEqual(
      expect.arrayContaining([expect.stringMatching(/^stopped/), `started ${agent.url}`]),
    );
  });

  it('does not call the try in the other dialect a refused service', async () => {
    await restartWith({ dialect: 'flat' });
    await register(nodeRegister(10500));
    const { refusal } = await latest('other-dialect');
    expect(refusal).toMatchObject({
      isProbe: true,
      reason: 'the body speaks the node dialect and this agent the flat one',
    });
    expect(page.state?.refused).toEqual([]);
  });

  it('calls a service without methods refused, which the module does not send in the dialect flat', async () => {
    await restartWith({ dialect: 'flat' });
    await register(nodeRegister(8080, { protocol: 'http', service: { name: 'books' }, methods: [] }));
    const [refused] = await page.until((state) => state.refused[0] && state.refused);
    expect(refused).toMatchObject({ service: 'books', port: 8080, count: 1 });
    expect(refused?.refusal.isProbe).toBeUndefined();
    expect(refused?.refusal.advice?.meaning).toContain(
      'at least one gRPC method, and this register has none',
    );
    expect(refused?.refusal.advice?.remedies.join()).toContain('--dialect both or node');
    // The module does not send it again, so nothing else would name the service after a restart.
    await agent.restart();
    await page.close();
    page = new PageClient(agent.url);
    await page.until((state) => state.refused[0]?.service === 'books');
  });

  it('drops a refused service when its process ends, which closes its port', async () => {
    await restartWith({ dialect: 'flat' });
    const server = await listenOn();
    const port = portOf(server);
    await register(flatRegister(10500));
    await register(flatRegister(port));
    await register(flatRegister(10501));
    await page.until(({ refused }) => refused.length === 2);
    await serverAccepts(server);
    await close(server);
    // Nothing has ever listened on the other: it may be on another address.
    await page.until(({ refused }) => refused.length === 1 && refused[0]?.port === 10501);
  });

  it('drops a refused service when its port registers under another name', async () => {
    await restartWith({ dialect: 'flat' });
    await register(flatRegister(10500));
    await register(flatRegister(10501));
    await page.until(({ refused }) => refused.length === 1);
    await register(flatRegister(10501, { name: 'auth9' }));
    await page.until(({ refused }) => refused.length === 0);
  });

  it('marks the instance whose routes are not the published ones, whichever registered first', async () => {
    await restartWith({ dialect: 'flat' });
    await register(flatRegister(10500));
    agent.forgetRoutes('auth');
    await register(flatRegister(10501));
    const marked = await page.until(({ instances }) => instances.find(({ warnings }) => warnings.length > 0));
    expect(marked).toMatchObject({ port: 10500, warnings: [{ mark: 'next start would be refused' }] });
    expect(page.state?.instances.find(({ port }) => port === 10501)?.warnings).toEqual([]);
  });

  it.each([
    [{ methods: [] }, 'methods must not be empty', /handler for at least one method/],
    [{ weight: 0 }, 'weight must be greater than zero', undefined],
  ])('gives the reason of the agent for %j', async (change, reason, advice) => {
    await register(flatRegister(10500, change));
    const { refusal } = await latest('refused');
    expect(refusal?.reason).toBe(reason);
    if (advice) expect(refusal?.advice?.remedies.join()).toMatch(advice);
    else expect(refusal?.advice).toBeUndefined();
  });

  it('tells of a drain that nobody needs, and of paths that are not there', async () => {
    await post(`${agent.url}/drain`, nodeLeave({ grace_period: '5s' }));
    expect((await latest('refused')).refusal?.advice?.meaning).toContain('does not hold the instance');
    await send(`${agent.url}/nodes`, 'GET');
    await page.until(({ moments }) => moments[0]?.text === 'GET /nodes answered 404: 404 page not found');
    expect(page.state?.refused).toEqual([]);
  });

  it('warns of what the public agent would refuse', async () => {
    await register(nodeRegister(10500));
    await register(nodeRegister(10501, { app: { instance_id: 'two' } }));
    const [first, second] = await page.until((state) => state.instances.length === 2 && state.instances);
    expect(first?.warnings).toEqual([]);
    expect(second?.warnings).toMatchObject([
      { text: expect.stringContaining('route document conflict with auth on port 10500') },
    ]);
    await post(`${agent.url}/deregister`, nodeLeave());
    await page.until(({ instances }) => instances.every(({ warnings }) => warnings.length === 0));
  });

  it('has no header and no body of a request', async () => {
    const headers = { 'content-type': 'application/json', authorization: 'Bearer t0ken-of-the-service' };
    await send(`${agent.url}/register`, 'POST', nodeRegister(1, { extra: 'b0dy-of-the-register' }), headers);
    await send(`${agent.url}/register`, 'POST', nodeRegister(2, { app: { secret: 's3cr3t' } }), headers);
    await latest('refused');
    await page.until(({ instances }) => instances.length === 1);
    expect(page.text).not.toMatch(/t0ken|b0dy|s3cr3t|run_date/);
  });

  it('is short, however long the names are', async () => {
    await restartWith({ dialect: 'flat' });
    const long = (letter: string) => letter.repeat(1024 * 1024);
    await register(flatRegister(10500, { name: long('n'), version: long('v') }));
    await register(flatRegister(10501, { name: long('n'), version: long('w') }));
    await page.until(({ refused }) => refused.length === 1);
    const second = new PageClient(agent.url);
    const state = await second.until((whole) => whole);
    await second.close();
    expect(JSON.stringify([state.refused, state.moments]).length).toBeLessThan(20_000);
  });

  it('serves at most 50 pages', async () => {
    const pages = Array.from({ length: 49 }, () => new PageClient(agent.url));
    const all = await Promise.all(pages.map(({ response }) => response));
    expect(all.map(({ statusCode }) => statusCode)).toEqual(Array(49).fill(200));
    const more = new PageClient(agent.url);
    expect((await more.response).statusCode).toBe(503);
    await Promise.all([more, ...pages].map((each) => each.close()));
  });
});
