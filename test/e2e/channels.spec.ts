import { subscribe, unsubscribe } from 'node:diagnostics_channel';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { filter, firstValueFrom, mergeMap } from 'rxjs';
import {
  getDrainingToken,
  SidecarAgent,
  type SidecarCallMessage,
  type SidecarShutdownMessage,
  type SidecarStatusMessage,
  SidecarStatusService,
} from '../../lib/index.js';
import { EmbeddedAgent } from '../../lib/testing/index.js';
import { createGreeterApp, type GreeterApp } from '../support/greeter-app.js';

const STATUS = 'nestjs-sidecar-agent:status';
const channelOf = (name: string, event: string) => `tracing:nestjs-sidecar-agent:${name}:${event}`;

describe('the channels of node:diagnostics_channel', () => {
  let agent: EmbeddedAgent;
  let greeter: GreeterApp;
  const subscribed: [string, (message: unknown) => void][] = [];

  beforeEach(async () => {
    agent = new EmbeddedAgent();
    await agent.start();
    greeter = await createGreeterApp('microservice', { baseUrl: agent.url, gracePeriod: 2_000 });
  });

  afterEach(async () => {
    for (const [name, listener] of subscribed.splice(0)) unsubscribe(name, listener);
    await greeter.app.close();
    await agent.stop();
  });

  function on<Message>(name: string, handle: (message: Message) => void): void {
    const listener = (message: unknown) => handle(message as Message);
    subscribe(name, listener);
    subscribed.push([name, listener]);
  }

  async function start(): Promise<SidecarAgent> {
    await greeter.listen();
    const sidecar = greeter.app.get(SidecarAgent);
    await sidecar.registered();
    return sidecar;
  }

  it('tell of the status from the start to the end', async () => {
    const messages: SidecarStatusMessage[] = [];
    on<SidecarStatusMessage>(STATUS, (message) => messages.push(message));
    await start();
    expect(messages[0]).toMatchObject({
      serviceName: 'greeter',
      status: { phase: 'connecting', revision: 1 },
    });
    expect(messages[0]?.source).toBe(greeter.app.get(SidecarStatusService));
    expect(messages.at(-1)?.status).toMatchObject({ phase: 'registered', connected: true, registered: true });
    await greeter.app.close();
    expect(messages.at(-1)?.status).toMatchObject({ phase: 'stopped', connected: false, registered: false });
  });

  it('tell of each call, and take headers that go to the agent', async () => {
    const calls: string[] = [];
    for (const name of ['register', 'drain', 'deregister']) {
      on<SidecarCallMessage>(channelOf(name, 'start'), ({ operation, headers }) => {
        calls.push(`${operation} starts`);
        headers.traceparent = `of-the-${operation}`;
      });
      on<SidecarCallMessage>(channelOf(name, 'asyncEnd'), ({ operation, result }) => {
        calls.push(`${operation} ${result?.statusCode}`);
      });
    }
    await start();
    await greeter.app.close();
    expect(calls).toEqual([
      'register starts',
      'register 200',
      'drain starts',
      'drain 200',
      'deregister starts',
      'deregister 200',
    ]);
    expect(agent.requests().map(({ path, headers }) => [path, headers.traceparent])).toEqual([
      ['/watch', undefined],
      ['/register', 'of-the-register'],
      ['/drain', 'of-the-drain'],
      ['/deregister', 'of-the-deregister'],
    ]);
  });

  it('tell of a call that fails', async () => {
    agent.failNext('/register', { status: 500 });
    const errors: unknown[] = [];
    on<SidecarCallMessage>(channelOf('register', 'error'), ({ error }) => errors.push(error));
    await start();
    expect(errors).toMatchObject([{ kind: 'sidecar_api', statusCode: 500 }]);
  });

  it('tell of the shutdown around its calls', async () => {
    const steps: string[] = [];
    const note = (step: string) => () => steps.push(step);
    on(channelOf('shutdown', 'start'), note('shutdown starts'));
    on<SidecarShutdownMessage>(channelOf('shutdown', 'asyncEnd'), ({ errors }) =>
      steps.push(`shutdown ends with ${errors.length} errors`),
    );
    on(channelOf('drain', 'start'), note('drain starts'));
    on(channelOf('deregister', 'asyncEnd'), note('deregister ends'));
    const sidecar = await start();
    await Promise.all([sidecar.shutdown(), sidecar.shutdown()]);
    await greeter.app.close();
    expect(steps).toEqual([
      'shutdown starts',
      'drain starts',
      'deregister ends',
      'shutdown ends with 0 errors',
    ]);
  });

  it('tell of one shutdown if two listeners begin it in the same step', async () => {
    const steps: string[] = [];
    on(channelOf('shutdown', 'start'), () => steps.push('shutdown starts'));
    await greeter.listen();
    const { app } = greeter;
    const sidecar = app.get(SidecarAgent);
    const signal = app.get<AbortSignal>(getDrainingToken());
    signal.addEventListener('abort', () => steps.push(`aborted while ${sidecar.status().phase}`));
    const left = [1, 2].map(() =>
      firstValueFrom(
        app.get(SidecarStatusService).status$.pipe(
          filter(({ registered }) => registered),
          mergeMap(() => sidecar.shutdown()),
        ),
        { defaultValue: undefined },
      ),
    );
    await Promise.all(left);
    expect(steps).toEqual(['shutdown starts', 'aborted while draining']);
  });
});
