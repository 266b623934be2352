import { AsyncLocalStorage } from 'node:async_hooks';
import { subscribe, unsubscribe } from 'node:diagnostics_channel';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { SidecarAgent, SidecarStatusService } from '../../lib/index.js';
import { EmbeddedAgent } from '../../lib/testing/index.js';
import { createGreeterApp, type GreeterApp } from '../support/greeter-app.js';
import { eventually } from '../support/eventually.js';
import { statusWhere } from '../support/status-where.js';

/** What undici tells of its requests, which OpenTelemetry makes spans of. */
interface RequestMessage {
  readonly request: { readonly path: string; readonly origin: string };
  readonly error?: Error;
}

describe('requests to the agent', () => {
  /** As the context of a span of OpenTelemetry, or the store of nestjs-cls. */
  const context = new AsyncLocalStorage<string>();
  let agent: EmbeddedAgent;
  let greeter: GreeterApp;
  let created: string[];
  let failed: string[];

  const note = (message: unknown) => {
    const { request } = message as RequestMessage;
    if (request.origin === agent.url) created.push(`${request.path} in ${context.getStore()}`);
  };
  const noteFailure = (message: unknown) => {
    const { request, error } = message as RequestMessage;
    if (request.origin === agent.url) failed.push(`${request.path} ${error?.name}`);
  };

  beforeEach(async () => {
    [created, failed] = [[], []];
    agent = new EmbeddedAgent();
    await agent.start();
    subscribe('undici:request:create', note);
    subscribe('undici:request:error', noteFailure);
  });

  afterEach(async () => {
    unsubscribe('undici:request:create', note);
    unsubscribe('undici:request:error', noteFailure);
    await greeter.app.close();
    await agent.stop();
  });

  it('run outside of the async context of whoever caused them, and so do repeats', async () => {
    const headersIn = new Set<string | undefined>();
    const headers = () => {
      headersIn.add(context.getStore());
      return {};
    };
    greeter = await context.run('bootstrap', () =>
      createGreeterApp('microservice', { baseUrl: agent.url, headers }),
    );
    await context.run('bootstrap', () => greeter.listen());
    const sidecar = greeter.app.get(SidecarAgent);
    await sidecar.registered();
    await context.run('request', async () => {
      // Its register is repeated.
      agent.failNext('/register', { status: 500, times: 2 });
      await sidecar.update({ weight: 10 });
      await sidecar.drain();
      await sidecar.resume();
      await sidecar.deregister();
      await sidecar.resume();
      expect(context.getStore()).toBe('request');
    });
    await agent.restart();
    await statusWhere(greeter.app, ({ disconnectCount, registered }) => disconnectCount === 1 && registered);
    await context.run('shutdown', () => greeter.app.close());
    expect(new Set(created)).toEqual(
      new Set(['/watch', '/register', '/drain', '/deregister'].map((path) => `${path} in undefined`)),
    );
    expect(headersIn).toEqual(new Set([undefined]));
  });

  it('run outside of a context that a subscriber, onError or headers enters', async () => {
    const seen: Record<'subscriber' | 'onError' | 'headers', (string | undefined)[]> = {
      subscriber: [],
      onError: [],
      headers: [],
    };
    const enter = (where: keyof typeof seen) => {
      seen[where].push(context.getStore());
      context.enterWith(where);
    };
    greeter = await createGreeterApp('microservice', {
      baseUrl: agent.url,
      onError: () => enter('onError'),
      headers: () => {
        enter('headers');
        return {};
      },
    });
    const sidecar = greeter.app.get(SidecarAgent);
    const { status$ } = greeter.app.get(SidecarStatusService);
    const subscription = context.run('test', () => status$.subscribe(() => enter('subscriber')));
    seen.subscriber = [];
    await context.run('bootstrap', () => greeter.listen());
    await sidecar.registered();
    agent.failNext('/register', { status: 500 });
    await context.run('request', () => sidecar.update({ weight: 10 }));
    await agent.restart();
    await statusWhere(greeter.app, ({ disconnectCount, registered }) => disconnectCount === 1 && registered);
    subscription.unsubscribe();
    expect(Object.values(seen).map(({ length }) => length > 1)).toEqual([true, true, true]);
    expect(new Set(Object.values(seen).flat())).toEqual(new Set([undefined]));
    expect(new Set(created)).toEqual(new Set(['/watch in undefined', '/register in undefined']));
  });

  it('end as aborted, not as failed, if the service leaves', async () => {
    greeter = await createGreeterApp('microservice', { baseUrl: agent.url });
    await greeter.listen();
    await greeter.app.get(SidecarAgent).registered();
    await greeter.app.close();
    await eventually(() => failed.length > 0);
    expect(failed).toEqual(['/watch AbortError']);
  });

  it('end as failed if a deadline passes', async () => {
    greeter = await createGreeterApp('microservice', { baseUrl: agent.url, idleTimeout: 100 });
    await greeter.listen();
    await statusWhere(greeter.app, ({ lastErrorKind }) => lastErrorKind === 'watch_idle_timeout');
    await eventually(() => failed.includes('/watch WatchError'));
    expect(new Set(failed)).toEqual(new Set(['/watch WatchError']));
  });
});
