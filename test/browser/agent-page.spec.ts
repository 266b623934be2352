import { tmpdir } from 'node:os';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it, jest } from '@jest/globals';
import type { Browser, Page } from 'playwright-core';
import { type RunningCli, startCli } from '../cli/support/cli.process.js';
import { eventually } from '../support/eventually.js';
import { flatRegister, nodeRegister } from '../testing/support/bodies.js';
import { post } from '../testing/support/http.js';
import { WatchClient } from '../testing/support/watch-client.js';
import { createGreeterApp, type GreeterApp, type GreeterOptions } from '../support/greeter-app.js';
import { type PageReport, reportOf, startBrowser } from './support/browser.js';
import { takePictures } from './support/screenshots.js';

jest.setTimeout(60_000);

/** The longest time for something to appear on the page, in milliseconds. */
const PATIENCE = 15_000;

describe('the page of the command agent, in a browser', () => {
  let browser: Browser;
  let page: Page;
  let report: PageReport;
  let agent: RunningCli | undefined;
  let url: string;
  const apps: GreeterApp[] = [];

  beforeAll(async () => {
    browser = await startBrowser();
  });

  afterAll(() => browser?.close());

  beforeEach(async () => {
    page = await browser.newPage({ viewport: { width: 1280, height: 860 } });
    page.setDefaultTimeout(PATIENCE);
    report = reportOf(page);
  });

  afterEach(async () => {
    await page.close();
    for (const { app } of apps.splice(0)) await app.close();
    agent?.signal('SIGTERM');
    expect((await agent?.ended)?.code).toBe(0);
    agent = undefined;
  });

  async function start(...args: string[]): Promise<void> {
    const running = startCli({ cwd: tmpdir(), args: ['agent', '--port', '0', ...args] });
    agent = running;
    url = await eventually(() => /(http:\/\/127\.0\.0\.1:\d+)\/ shows/.exec(running.output())?.[1], PATIENCE);
    await page.goto(url);
  }

  async function startService(name: string, more: GreeterOptions = {}): Promise<GreeterApp> {
    const service = await createGreeterApp('microservice', { baseUrl: url, service: { name }, ...more });
    apps.push(service);
    await service.listen();
    return service;
  }

  const instances = () => page.getByRole('table', { name: 'Instances that the agent holds' });
  const rowOf = (name: string) =>
    instances()
      .getByRole('row')
      .filter({ has: page.getByRole('button', { name, exact: true }) });
  const timeline = () => page.getByRole('list', { name: 'Timeline' });
  const moment = (event: string, text: string) =>
    timeline().getByRole('listitem').filter({ hasText: event }).filter({ hasText: text });

  it('says why a second service is refused, and what to do', async () => {
    await start('--dialect', 'flat', '--chaos');
    await page.getByText('No service is registered').waitFor();
    const first = await startService('auth');
    await rowOf('auth').getByText('Serving').waitFor();
    await startService('billing');
    await rowOf('billing').waitFor();

    const second = await startService('auth');
    const refused = page.getByRole('region', { name: 'Refused' });
    await refused.getByRole('heading', { name: `auth on port ${second.port}` }).waitFor();
    expect(await refused.getByText('route document conflict').isVisible()).toBe(true);
    const rows = await refused.getByRole('row').allInnerTexts();
    expect(rows.map((row) => row.split(/\s+/))).toEqual([
      ['Field', 'Published', 'This', 'register'],
      ['port', String(first.port), String(second.port)],
    ]);
    expect(await refused.getByText('give one of them another name').isVisible()).toBe(true);
    expect(await refused.getByText('routes/test/default/auth/current').isVisible()).toBe(true);
    await moment('refused', `auth on port ${second.port}`).first().waitFor();
    await page.getByRole('button', { name: 'auth', exact: true }).click();
    await takePictures(page, 'agent-page');

    await refused.getByRole('button', { name: 'Delete the route document of auth' }).click();
    await rowOf('auth')
      .filter({ hasText: String(second.port) })
      .waitFor();
    const warning = instances().getByText(
      `conflict with auth on port ${second.port}, which was published later`,
    );
    await warning.waitFor();
    expect(await instances().getByText('next start would be refused').count()).toBe(1);
    await refused.waitFor({ state: 'hidden' });
    expect(report.complaints).toEqual([]);
    expect(report.requests.filter((asked) => !asked.startsWith(url))).toEqual([]);
  });

  it.each([420, 360])('cuts nothing off at a width of %d', async (width) => {
    await page.setViewportSize({ width, height: 900 });
    await start('--chaos');
    await startService('auth');
    await post(`${url}/register`, nodeRegister(2, { app: { env: 'test', instance_id: 'two' } }));
    const names = page.getByRole('button', { name: 'auth', exact: true });
    await names.nth(1).waitFor();
    await rowOf('auth').getByText('Serving').waitFor();
    await page.getByText('public agent would refuse it').waitFor();
    for (const index of [0, 1]) await names.nth(index).click();
    await page.getByRole('button', { name: 'Copy the grpcurl line of Converse' }).waitFor();
    const cut = `[...document.querySelectorAll('.panel, .panel *:not(.unseen)')]
      .filter((each) => each.getBoundingClientRect().right > ${width})
      .map((each) => each.tagName + ' ' + each.textContent.slice(0, 40))`;
    expect(await page.evaluate(cut)).toEqual([]);
    const scrolling = `[...document.querySelectorAll('.panel')]
      .filter((each) => each.scrollWidth > each.clientWidth).length`;
    expect(await page.evaluate(scrolling)).toBe(0);
    expect(await instances().getByRole('columnheader').allInnerTexts()).toContain('Version');
  });

  it.each([1200, 1000, 420])('keeps long values within their cards at a width of %d', async (width) => {
    await page.setViewportSize({ width, height: 900 });
    await start('--dialect', 'flat', '--chaos');
    const long = `billing-${'x'.repeat(47)}`;
    const register = (name: string, port: number, version: string) =>
      post(`${url}/register`, flatRegister(port, { name, version }));
    await register('auth', 10500, '1.0.0+build.7f3a91c');
    await register('books', 10501, 'v9.9.9-SNAPSHOT.20261126');
    await register(long, 10502, 'v9.9.9-SNAPSHOT.20261126');
    await register(long, 10503, '1.0.0+build.7f3a91c');
    const refused = page.getByRole('region', { name: 'Refused' });
    await refused.getByRole('heading', { name: `${long} on port 10503` }).waitFor();
    await page.getByRole('combobox', { name: 'Registration of' }).selectOption(long);
    await rowOf('books').getByText('Serving').waitFor();
    await rowOf('books').getByText(/ago$/).waitFor();
    await page.getByRole('button', { name: 'books', exact: true }).click();
    const wide = `[...document.querySelectorAll('.panel')].flatMap((panel) => {
      const edge = panel.getBoundingClientRect().right;
      return [...panel.querySelectorAll('*:not(.unseen)')]
        .filter((each) => each.getBoundingClientRect().right > edge + 0.5)
        .concat(panel.scrollWidth > panel.clientWidth ? [panel] : [])
        .map((each) => each.tagName + ' ' + each.textContent.slice(0, 40));
    })`;
    expect(await page.evaluate(wide)).toEqual([]);
    expect(await page.evaluate('document.documentElement.scrollWidth')).toBe(width);
    const lines = `[...document.querySelectorAll('.unfold')]
      .map((each) => Math.round((each.getBoundingClientRect().height - 2) / 20))`;
    const [auth, longest, books] = await page.evaluate<number[]>(lines);
    expect([auth, books]).toEqual([1, 1]);
    expect(longest).toBeLessThan(12);
  });

  it('keeps the focus where the next thing to do is', async () => {
    await start('--dialect', 'flat', '--chaos');
    for (const [name, port] of [
      ['auth', 10500],
      ['books', 10510],
    ] as const) {
      await post(`${url}/register`, flatRegister(port, { name }));
      await post(`${url}/register`, flatRegister(port + 1, { name }));
    }
    const focused = () => page.evaluate<string>('document.activeElement.textContent');
    const press = async (name: string) => {
      await page.getByRole('button', { name }).focus();
      await page.keyboard.press('Enter');
    };
    await press('Dismiss the refusal of books');
    await page.getByText('1 refused service is dismissed').waitFor();
    expect(await page.evaluate<string>(`document.activeElement.getAttribute('aria-label')`)).toBe(
      'Dismiss the refusal of auth',
    );
    await page.keyboard.press('Enter');
    await page.getByText('2 refused services are dismissed').waitFor();
    expect(await focused()).toBe('Show');
    await page.keyboard.press('Enter');
    const refused = page.getByRole('region', { name: 'Refused' });
    await refused.waitFor();
    expect(await focused()).toBe('Dismiss');
    for (const name of ['auth', 'books']) {
      await press(`Delete the route document of ${name}`);
      await moment('chaos', `deleted the route document of ${name}`).waitFor();
      await post(`${url}/register`, flatRegister(name === 'auth' ? 10501 : 10511, { name }));
      await refused.getByRole('heading', { name }).waitFor({ state: 'hidden' });
    }
    expect(await focused()).toBe('Instances');
  });

  it('says under a refusal that its route document could not be deleted', async () => {
    await start('--dialect', 'flat', '--chaos');
    for (const port of [10500, 10501]) await post(`${url}/register`, flatRegister(port));
    const remove = page.getByRole('button', { name: 'Delete the route document of auth' });
    await remove.waitFor();
    await page.route('**/page/chaos', (route) => route.abort());
    await remove.click();
    const refused = page.getByRole('region', { name: 'Refused' });
    await refused.getByRole('alert').getByText('The agent did not answer').waitFor();
    expect(await page.getByRole('alert').count()).toBe(1);
    await page.getByRole('button', { name: 'Drop streams' }).click();
    await page.getByRole('region', { name: 'Let the agent fail' }).getByRole('alert').waitFor();
    expect(await refused.getByRole('alert').count()).toBe(0);
    agent?.signal('SIGTERM');
    await page.locator('fieldset:disabled').waitFor();
    expect(await remove.isDisabled()).toBe(true);
  });

  it('keeps a dismissed refusal away over a reload, until it is over', async () => {
    await start('--dialect', 'flat', '--chaos');
    const register = (port: number) => post(`${url}/register`, flatRegister(port));
    await register(10500);
    await register(10501);
    await page.getByRole('button', { name: 'Dismiss the refusal of auth' }).click();
    await page.getByText('1 refused service is dismissed').waitFor();
    await page.reload();
    await page.getByText('1 refused service is dismissed').waitFor();
    expect(await page.getByRole('region', { name: 'Refused' }).count()).toBe(0);
    await post(`${url}/page/chaos`, { action: 'forget-routes', service: 'auth' });
    await register(10501);
    await page.getByText('is dismissed').waitFor({ state: 'hidden' });
    await post(`${url}/page/chaos`, { action: 'forget-routes', service: 'auth' });
    for (const port of [10500, 10501]) {
      await post(`${url}/deregister`, { name: 'auth', port });
      await register(port);
    }
    await register(10501);
    await page.getByRole('region', { name: 'Refused' }).getByText('2 times').waitFor();
    expect(report.complaints).toEqual([]);
  });

  it('keeps a dismissed refusal away while the service tries again, and says so', async () => {
    await start('--dialect', 'flat', '--chaos');
    const register = (port: number) => post(`${url}/register`, flatRegister(port));
    await register(10500);
    await register(10501);
    await page.getByRole('button', { name: 'Dismiss the refusal of auth' }).click();
    await page.getByText('1 refused service is dismissed').waitFor();
    await register(10501);
    await register(10501);
    await moment('refused', '3 times').waitFor();
    expect(await page.getByRole('region', { name: 'Refused' }).count()).toBe(0);
    await page.getByRole('button', { name: 'Show', exact: true }).click();
    await page.getByRole('region', { name: 'Refused' }).getByText('3 times').waitFor();
  });

  it('loses what was chosen, and not another service at a second click', async () => {
    await start('--chaos');
    await post(`${url}/register`, nodeRegister(1));
    const change = { service: { name: 'billing' }, app: { instance_id: 'two' } };
    await post(`${url}/register`, nodeRegister(2, change));
    await rowOf('billing').waitFor();
    await page.getByRole('button', { name: 'Lose it' }).click();
    await moment('lost', 'auth').last().waitFor();
    await page.getByRole('option', { name: 'auth, not held' }).waitFor({ state: 'attached' });
    expect(await page.getByRole('button', { name: 'Lose it' }).isDisabled()).toBe(true);
    expect(await rowOf('billing').count()).toBe(1);
    await page.getByRole('button', { name: 'Refuse it' }).click();
    await page.getByText('Waits for the next call of /register: answered 503').waitFor();
    agent?.signal('SIGTERM');
    await page.getByText('the agent is gone').waitFor();
    await page.locator('fieldset:disabled').waitFor();
    expect(await page.getByRole('button', { name: 'Restart' }).isDisabled()).toBe(true);
    expect(await page.getByText('open stream').count()).toBe(0);
    expect(await page.getByText('1 deregistered instance, lost').isVisible()).toBe(true);
  });

  it('says of a stream whose service was lost that it registers again', async () => {
    await start('--chaos');
    await post(`${url}/register`, nodeRegister(1));
    const streams = [await WatchClient.open(url)];
    await rowOf('auth').waitFor();
    await page.getByRole('button', { name: 'Lose it' }).click();
    await page.getByText('1 open stream is of a service that was lost. The module registers again').waitFor();
    streams.push(await WatchClient.open(url));
    await page.getByText('1 open stream is of a service that has not registered').waitFor();
    expect(await page.getByText('that was lost').count()).toBe(1);
    for (const stream of streams) stream.close();
    await page.getByText('that was lost').waitFor({ state: 'hidden' });
  });

  it('marks a service without a stream that was not heard of for a minute', async () => {
    await page.clock.install();
    await start();
    const stream = await WatchClient.open(url);
    await post(`${url}/register`, nodeRegister(1));
    await rowOf('auth').waitFor();
    const mark = page.getByText(/^not heard of since \d\d:\d\d:\d\d: its process may be gone$/);
    await page.clock.fastForward(70_000);
    await rowOf('auth').getByText('1 min ago').waitFor();
    expect(await mark.count()).toBe(0);
    stream.close();
    await page.getByText('0 open streams').waitFor();
    await page.clock.fastForward(1_000);
    await mark.waitFor();
    expect(await page.locator('.state.Serving, .state.Registered').count()).toBe(0);
    await page.clock.setSystemTime(Date.now());
    await post(`${url}/register`, nodeRegister(1));
    await mark.waitFor({ state: 'hidden' });
  });

  it('tells of a stream whose service has not registered', async () => {
    await start();
    const stream = new AbortController();
    await fetch(`${url}/watch`, { signal: stream.signal });
    await page.getByText('1 open stream is of a service that has not registered').waitFor();
    stream.abort();
    await page.getByText('has not registered').waitFor({ state: 'hidden' });
  });

  it('connects again after an answer that is no stream, and lets go of the stream while it is hidden', async () => {
    await start();
    await page.getByText('live').waitFor();
    const others = new AbortController();
    const fill = () => fetch(`${url}/page/events`, { signal: others.signal });
    for (let count = 1; count < 50; count += 1) expect((await fill()).status).toBe(200);
    expect((await fill()).status).toBe(503);

    const asked = report.requests.length;
    await page.evaluate(`Object.defineProperty(document, 'hidden', { configurable: true, value: true });
      document.dispatchEvent(new Event('visibilitychange'))`);
    await eventually(async () => (await fill()).status === 200, PATIENCE);
    await post(`${url}/register`, nodeRegister(1));
    expect(await rowOf('auth').count()).toBe(0);
    expect(report.requests).toHaveLength(asked);

    const refused = page.waitForResponse((response) => response.status() === 503);
    await page.evaluate(`delete document.hidden; document.dispatchEvent(new Event('visibilitychange'))`);
    await refused;
    others.abort();
    await rowOf('auth').waitFor();
  });

  it('loses the registration of a service, and shows how it comes back', async () => {
    await start('--chaos');
    const { port } = await startService('auth', { reassertInterval: '2s' });
    await rowOf('auth').getByText('Serving').waitFor();

    await page.getByLabel('Registration of').selectOption('auth');
    await page.getByRole('button', { name: 'Lose it' }).click();
    await moment('chaos', 'lost auth: it is back with its next register').waitFor();
    const name = `auth on port ${port}`;
    await moment('registered', name).nth(1).waitFor();
    await moment('lost', name).waitFor();
    expect(await moment('deregistered', name).count()).toBe(0);
    await rowOf('auth').getByText('Serving').waitFor();
    expect(report.complaints).toEqual([]);
  });

  it('goes on when the agent restarts, and can be used with the keyboard alone', async () => {
    await start('--chaos');
    const { port } = await startService('auth');
    const name = page.getByRole('button', { name: 'auth', exact: true });
    await name.focus();
    await page.keyboard.press('Enter');
    const line = `grpcurl -plaintext -d '{}' 127.0.0.1:${port} acme.greeter.v1.Greeter/Converse`;
    expect(await name.getAttribute('aria-expanded')).toBe('true');
    await page.context().grantPermissions(['clipboard-read', 'clipboard-write']);
    await page.keyboard.press('Tab');
    await page.keyboard.press('Enter');
    await page.getByText('Copied', { exact: true }).waitFor();
    expect(await page.evaluate('navigator.clipboard.readText()')).toBe(line);

    await page.getByRole('button', { name: 'Restart' }).focus();
    await page.keyboard.press('Space');
    await moment('stopped', 'forgotten').waitFor();
    await moment('started', url).nth(1).waitFor();
    await rowOf('auth').getByText('Serving').waitFor();
    expect(report.complaints).toEqual([]);
  });

  it('shows what a service calls itself as text, and has no buttons without --chaos', async () => {
    await start();
    const name = '<img src=x onerror=alert(1)>';
    const answer = await post(`${url}/register`, nodeRegister(1, { service: { name } }));
    expect(answer.status).toBe(200);
    await rowOf(name).waitFor();
    expect(await page.getByRole('img').count()).toBe(0);
    expect(await page.getByText('to let it fail from this page').isVisible()).toBe(true);
    expect(await page.getByRole('button', { name: 'Restart' }).count()).toBe(0);
    expect(report.complaints).toEqual([]);
  });
});
