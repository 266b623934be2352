import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { EmbeddedAgent, serveAgentPage } from '../../lib/testing/index.js';
import type { ChaosCommand } from '../../lib/agent-page/view/chaos-command.js';
import { flatRegister, nodeLeave, nodeRegister } from '../testing/support/bodies.js';
import { eventually } from '../support/eventually.js';
import { get, post, send } from '../testing/support/http.js';
import { WatchClient } from '../testing/support/watch-client.js';
import { PageClient } from './support/page-client.js';

describe('the page lets the agent fail', () => {
  let agent: EmbeddedAgent;
  let page: PageClient;

  beforeEach(async () => {
    agent = new EmbeddedAgent({ heartbeatInterval: 20 });
    await serveAgentPage(agent, { chaos: true });
    await agent.start();
    page = new PageClient(agent.url);
    await page.until(({ agent: { hasChaos } }) => hasChaos);
  });

  afterEach(async () => {
    await page.close();
    await agent.stop();
  });

  const chaos = (command: ChaosCommand) => post(`${agent.url}/page/chaos`, command);
  const states = () => agent.services().map(({ state }) => state);

  it('drops the streams of services, and not that of the page', async () => {
    const client = await WatchClient.open(agent.url);
    await agent.waitFor(() => agent.watchers === 1);
    expect(await chaos({ action: 'drop-streams' })).toMatchObject({ status: 200 });
    expect(await client.ended).not.toBe('end');
    await page.until(({ moments }) => moments.find(({ text }) => text.startsWith('dropped 1 event stream')));
  });

  it('is silent, and shows it', async () => {
    const client = await WatchClient.open(agent.url);
    await client.reads(/heartbeat/);
    await chaos({ action: 'silence' });
    await page.until(({ faults }) => faults.isSilent);
    await chaos({ action: 'unsilence' });
    await page.until(({ faults }) => !faults.isSilent);
    // A script may do so, too.
    agent.silence();
    await post(`${agent.url}/register`, nodeRegister(1));
    await page.until(({ faults }) => faults.isSilent);
    agent.unsilence();
    const before = client.text.length;
    await eventually(() => client.text.slice(before).includes('heartbeat'));
    client.close();
  });

  it('refuses the next call, and only that', async () => {
    await chaos({ action: 'fail-next', path: '/register', status: 503 });
    expect((await post(`${agent.url}/register`, nodeRegister(1))).status).toBe(503);
    const [refused] = await page.until((state) => state.refused[0] && state.refused);
    expect(refused?.refusal).toMatchObject({ status: 503, reason: 'scripted answer 503' });
    expect((await post(`${agent.url}/register`, nodeRegister(1))).status).toBe(200);
    await page.until((state) => state.refused.length === 0);
  });

  it('shows what waits for the next call, and that it has happened', async () => {
    await chaos({ action: 'fail-next', path: '/register', status: 503 });
    await chaos({ action: 'delay-next', path: '/register', milliseconds: 500 });
    await chaos({ action: 'delay-next', path: '/register', milliseconds: 20 });
    await chaos({ action: 'fail-next', path: '/drain', status: 400 });
    const later = '/register: answered after 0.02 s';
    const drain = '/drain: answered 400';
    await page.until(({ faults }) => faults.armed.length === 4);
    expect(page.state?.faults.armed).toEqual([
      '/register: answered 503',
      '/register: answered after 0.5 s',
      later,
      drain,
    ]);
    // A request that the agent refuses before it looks at its path has none of them.
    await send(`${agent.url}/register`, 'POST', nodeRegister(1), { host: 'evil.example' });
    const began = performance.now();
    expect((await post(`${agent.url}/register`, nodeRegister(1))).status).toBe(503);
    expect(performance.now() - began).toBeGreaterThan(490);
    await page.until(({ faults }) => faults.armed.length === 2);
    expect(page.state?.faults.armed).toEqual([later, drain]);
    for (const text of ['the call /register is answered 503', 'the call /register is answered after 0.5 s'])
      await page.until(({ moments }) => moments.find((moment) => moment.text === text));
  });

  it('delays the next call, and only that', async () => {
    await chaos({ action: 'delay-next', path: '/register', milliseconds: 60_000 });
    let isAnswered = false;
    const delayed = post(`${agent.url}/register`, nodeRegister(1)).then(
      () => (isAnswered = true),
      () => undefined,
    );
    // The agent performs a delayed call when it arrives.
    await agent.waitFor(() => agent.services().length === 1);
    expect((await post(`${agent.url}/register`, nodeRegister(1))).status).toBe(200);
    expect(isAnswered).toBe(false);
    await agent.stop();
    await delayed;
  });

  it('delays the next call of its path, whatever comes before', async () => {
    await chaos({ action: 'delay-next', path: '/drain', milliseconds: 60_000 });
    expect((await post(`${agent.url}/register`, nodeRegister(1))).status).toBe(200);
    let isAnswered = false;
    const delayed = post(`${agent.url}/drain`, nodeLeave({ grace_period: '5s' })).then(
      () => (isAnswered = true),
      () => undefined,
    );
    await agent.waitFor(() => states()[0] === 'Draining');
    expect((await get(`${agent.url}/healthz`)).status).toBe(200);
    expect(isAnswered).toBe(false);
    await agent.stop();
    await delayed;
  });

  it('loses a service', async () => {
    await post(`${agent.url}/register`, nodeRegister(1));
    expect((await chaos({ action: 'lose', service: 'auth' })).status).toBe(200);
    expect(states()).toEqual(['Deregistered']);
    await page.until(({ instances }) => instances[0]?.state === 'Deregistered');
    expect(await chaos({ action: 'lose', service: 'billing' })).toMatchObject({
      status: 400,
      text: expect.stringContaining('must be a service that the agent holds'),
    });
  });

  it('leaves the delays of a script as they are', async () => {
    agent.slow('/healthz', 0);
    agent.slow('/register', 30);
    await chaos({ action: 'delay-next', path: '/register', milliseconds: 1 });
    await post(`${agent.url}/register`, nodeRegister(1));
    const began = performance.now();
    await post(`${agent.url}/register`, nodeRegister(1));
    expect(performance.now() - began).toBeGreaterThan(25);
  });

  it('tells what it does before what comes of it', async () => {
    const client = await WatchClient.open(agent.url);
    await post(`${agent.url}/register`, nodeRegister(1));
    await chaos({ action: 'lose', service: 'auth' });
    await chaos({ action: 'drop-streams' });
    await client.ended;
    await page.until(({ moments }) => moments.some(({ event }) => event === 'stream-closed'));
    expect(page.state?.moments.slice(0, 4).map(({ event }) => event)).toEqual([
      'stream-closed',
      'chaos',
      'lost',
      'chaos',
    ]);
  });

  it('tells of replays in the order in which it accepts them, whenever it answers', async () => {
    await post(`${agent.url}/register`, nodeRegister(1));
    await chaos({ action: 'delay-next', path: '/register', milliseconds: 200 });
    const delayed = post(`${agent.url}/register`, nodeRegister(1));
    await eventually(() => agent.services()[0]?.replays === 1);
    await chaos({ action: 'silence' });
    await post(`${agent.url}/register`, nodeRegister(1));
    await delayed;
    await post(`${agent.url}/register`, {});
    const all = await page.until(({ moments }) => moments[0]?.event === 'refused' && [...moments].reverse());
    expect(all.map(({ at }) => at)).toEqual(all.map(({ at }) => at).sort());
    const replays = all.filter(({ event }) => event === 'again');
    expect(replays.map(({ detail, count }) => `${detail}, ${count}`)).toEqual([
      '1 replay, 1',
      '2 replays, 1',
    ]);
  });

  it('calls what the registry has lost lost, until it is back', async () => {
    await post(`${agent.url}/register`, nodeRegister(1));
    await chaos({ action: 'lose', service: 'auth' });
    const [lost] = await page.until(({ instances }) => instances[0]?.isLost && instances);
    expect(lost).toMatchObject({ state: 'Deregistered', isLost: true });
    await post(`${agent.url}/register`, nodeRegister(1));
    await page.until(({ instances }) => instances[0]?.state === 'Registered');
    expect(page.state?.instances).toHaveLength(1);
    expect(page.state?.instances[0]).not.toHaveProperty('isLost');
    await post(`${agent.url}/deregister`, nodeLeave());
    await page.until(({ instances }) => instances[0]?.state === 'Deregistered');
    expect(page.state?.instances[0]).not.toHaveProperty('isLost');
  });

  it('says that an agent of the dialect flat does not notice a loss', async () => {
    await post(`${agent.url}/register`, flatRegister(10500));
    const { text } = await chaos({ action: 'lose', service: 'auth' });
    expect(text).toMatch(
      /^lost auth and its route document: this agent still shows it, and refuses its next register, .* \(30s by default\)\. The module then deregisters it and registers it anew$/,
    );
    expect(text).not.toContain('it is back');
    expect(states()).toEqual(['Serving']);
  });

  it('shows no older record of an instance of the dialect flat that runs again', async () => {
    const register = () => post(`${agent.url}/register`, flatRegister(10500));
    await register();
    await chaos({ action: 'lose', service: 'auth' });
    expect((await register()).status).toBe(400);
    await post(`${agent.url}/deregister`, { name: 'auth', port: 10500 });
    await page.until(({ instances }) => instances[0]?.state === 'Deregistered');
    await register();
    await page.until(({ instances }) => instances[0]?.state === 'Serving');
    expect(states()).toEqual(['Serving', 'Deregistered']);
    expect(page.state?.instances).toHaveLength(1);
  });

  it('deletes a route document', async () => {
    await post(`${agent.url}/register`, flatRegister(10500));
    const other = flatRegister(10501);
    expect((await post(`${agent.url}/register`, other)).status).toBe(400);
    expect((await chaos({ action: 'forget-routes', service: 'auth' })).text).toContain('deleted');
    expect((await post(`${agent.url}/register`, other)).status).toBe(200);
    // A third one is compared with what is published now.
    await post(`${agent.url}/register`, flatRegister(10502));
    const last = await page.until(({ refused }) => refused.find(({ port }) => port === 10502));
    expect(last.refusal.differences).toEqual([{ field: 'port', published: '10501', given: '10502' }]);
    expect((await chaos({ action: 'forget-routes', service: 'billing' })).text).toContain(
      'has no route document',
    );
  });

  it('restarts the agent, after it has answered', async () => {
    await post(`${agent.url}/register`, nodeRegister(1));
    expect(await chaos({ action: 'restart' })).toMatchObject({ status: 200 });
    await agent.waitFor(() => agent.services().length === 0);
    await page.close();
    await agent.start();
    page = new PageClient(agent.url);
    const events = await page.until(({ moments }) => moments.map(({ event }) => event));
    expect(events.slice(0, 3)).toEqual(['started', 'stopped', 'chaos']);
  });

  it.each([
    ['another origin', { origin: 'https://evil.example' }, 403],
    ['another host', { host: 'evil.example' }, 403],
    ['a form', { 'content-type': 'text/plain' }, 415],
  ])('refuses %s, without effect', async (_, headers, status) => {
    await post(`${agent.url}/register`, nodeRegister(1));
    const given = { 'content-type': 'application/json', ...headers };
    const command = { action: 'lose', service: 'auth' };
    expect((await send(`${agent.url}/page/chaos`, 'POST', command, given)).status).toBe(status);
    expect(states()).not.toContain('Deregistered');
  });

  it('says what is wrong with a command', async () => {
    const answer = await post(`${agent.url}/page/chaos`, { action: 'explode' });
    expect([answer.status, answer.text]).toEqual([400, expect.stringContaining('action')]);
    expect((await post(`${agent.url}/page/chaos`, 'no JSON')).status).toBe(400);
    expect((await get(`${agent.url}/page/chaos`)).status).toBe(405);
  });
});
