import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { postedPaths } from '../support/posted-paths.js';
import { Collector } from './support/collector.js';
import type { CompanionApp } from './support/companion-app.js';
import { Companions } from './support/companions.js';

const REGISTER = '@opentelemetry/auto-instrumentations-node/register';
const HOOK = '@opentelemetry/instrumentation/hook.mjs';

describe('the auto-instrumentation of OpenTelemetry', () => {
  const companions = new Companions();
  let collector: Collector;

  beforeEach(async () => {
    await companions.begin();
    collector = await new Collector().start();
  });

  afterEach(async () => {
    await companions.end();
    await collector.stop();
  });

  function start(entry: string, nodeArgs: readonly string[], settings = {}): Promise<CompanionApp> {
    return companions.start(entry, {
      nodeArgs,
      env: {
        OTEL_TRACES_EXPORTER: 'otlp',
        OTEL_METRICS_EXPORTER: 'none',
        OTEL_LOGS_EXPORTER: 'none',
        OTEL_EXPORTER_OTLP_PROTOCOL: 'http/json',
        OTEL_EXPORTER_OTLP_ENDPOINT: collector.url,
        OTEL_NODE_RESOURCE_DETECTORS: 'none',
      },
      settings,
    });
  }

  describe.each([
    ['of CommonJS', 'main.cjs', ['--require', REGISTER]],
    ['of ES modules', 'main.mjs', ['--import', REGISTER]],
    ['of ES modules, with its loader', 'main.mjs', ['--experimental-loader', HOOK, '--import', REGISTER]],
  ])('in an application %s', (_, entry, nodeArgs) => {
    it('follows the calls; the requests to the agent are traces of their own, without an error', async () => {
      const app = await start(entry, nodeArgs);
      await expect(app.greet('nest')).resolves.toBe('hello nest');
      await companions.agent.restart();
      await companions.serving();
      expect(await app.close()).toBe(0);
      expect(app.lines.filter((line) => /error/i.test(line))).toEqual([]);
      expect(postedPaths(companions.agent.requests())).toEqual([
        '/register',
        '/register',
        '/drain',
        '/deregister',
      ]);

      const served = collector.spans.filter(({ kind }) => kind === 2).map(({ name }) => name);
      expect(served).toEqual(['grpc.acme.greeter.v1.Greeter/Greet']);
      expect(collector.spans.map(({ name }) => name)).toContain('bootstrap');
      const sent = ['/watch', '/register', '/drain', '/deregister'].map((path) => {
        const spans = collector.spansTo(path);
        return { path, parents: spans.flatMap(({ parentSpanId }) => parentSpanId ?? []), last: spans.at(-1) };
      });
      for (const { parents, last } of sent) {
        expect(parents).toEqual([]);
        expect(last).toMatchObject({ kind: 3, status: { code: 0 } });
      }
    });
  });

  it('leaves the counting of calls as it is: the service deregisters after the last one', async () => {
    const app = await start('main.cjs', ['--require', REGISTER]);
    const held = app.greet('hold');
    await expect(app.greet('count')).resolves.toBe('2 in flight');
    const closed = app.close();
    await companions.agent.waitFor(() => companions.agent.requests().some(({ path }) => path === '/drain'));
    await expect(app.greet('count')).resolves.toBe('2 in flight');
    expect(postedPaths(companions.agent.requests())).toEqual(['/register', '/drain']);
    await app.greet('release');
    await expect(held).resolves.toBe('hello hold');
    expect(await closed).toBe(0);
    expect(postedPaths(companions.agent.requests())).toEqual(['/register', '/drain', '/deregister']);
  });

  it('misses the spans of a shutdown by SIGTERM, and no call of it', async () => {
    const app = await start('main.cjs', ['--require', REGISTER], { signals: true });
    app.signal('SIGTERM');
    expect(await app.closed()).toBe(0);
    expect(postedPaths(companions.agent.requests())).toEqual(['/register', '/drain', '/deregister']);
    expect(collector.spansTo('/register')).toHaveLength(1);
    expect(collector.spansTo('/deregister')).toEqual([]);
  });

  it('has them if the application itself shuts the SDK down, after its hooks', async () => {
    const app = await start('with-own-sdk.mjs', ['--import', './apps/own-sdk.mjs'], { signals: true });
    app.signal('SIGTERM');
    expect(await app.closed()).toBe(0);
    for (const path of ['/watch', '/register', '/drain', '/deregister']) {
      expect(collector.spansTo(path)).toMatchObject([{ status: { code: 0 } }]);
    }
  });
});
