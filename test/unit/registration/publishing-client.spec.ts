import { afterEach, beforeEach, describe, expect, it, jest } from '@jest/globals';
import {
  type CallOptions,
  type SidecarAnswer,
  SidecarClient,
} from '../../../lib/agent/client/sidecar-client.js';
import { identityOf } from '../../../lib/agent/protocol/dialect.js';
import { callChannels } from '../../../lib/channels/sidecar-channels.js';
import type { SidecarCallMessage } from '../../../lib/channels/sidecar-messages.js';
import { InFlightCalls } from '../../../lib/in-flight/in-flight-calls.js';
import { PublishingClient } from '../../../lib/registration/publishing-client.js';
import { NO_FACTS } from '../../../lib/status/registration-facts.js';
import { SidecarStatusService } from '../../../lib/status/sidecar-status.service.js';
import { NODE } from '../fixtures/fixtures.js';
import { ManualClock } from '../fixtures/manual-clock.js';

const OPERATIONS = ['register', 'drain', 'deregister'] as const;
type Operation = (typeof OPERATIONS)[number];

/** Notes the options of each call, and answers. */
class NotedClient extends SidecarClient {
  readonly options: (CallOptions | undefined)[] = [];
  closed = 0;
  answer = (): Promise<SidecarAnswer> => Promise.resolve({ statusCode: 200 });

  override register = (_node: unknown, options?: CallOptions) => this.#note(options);
  override drain = (_request: unknown, options?: CallOptions) => this.#note(options);
  override deregister = (_request: unknown, options?: CallOptions) => this.#note(options);

  override close(): Promise<void> {
    this.closed += 1;
    return Promise.resolve();
  }

  #note(options: CallOptions | undefined): Promise<SidecarAnswer> {
    this.options.push(options);
    return this.answer();
  }
}

describe('a client that tells the channels of its calls', () => {
  const status = new SidecarStatusService(NO_FACTS, new InFlightCalls(new ManualClock()));
  const endpoint = { origin: 'http://127.0.0.1:15010', basePath: '', watchPath: '/watch', headers: {} };
  const timeout = { timeout: 100 };
  let client: NotedClient;
  let published: PublishingClient;
  /** Reads of the endpoint, which every message has. */
  let built: number;
  let unsubscribe: () => void;

  beforeEach(() => {
    client = new NotedClient();
    built = 0;
    unsubscribe = () => {};
    const settings = {
      get endpoint() {
        built += 1;
        return endpoint;
      },
    };
    published = new PublishingClient({ client, status, settings });
  });

  afterEach(() => unsubscribe());

  function call(operation: Operation): Promise<SidecarAnswer> {
    if (operation === 'register') return published.register(NODE, timeout);
    if (operation === 'drain') return published.drain({ ...identityOf(NODE), gracePeriod: 1 }, timeout);
    return published.deregister(identityOf(NODE), timeout);
  }

  function subscribe(
    operation: Operation,
    event: 'start' | 'asyncEnd' | 'error',
    listener: (message: SidecarCallMessage) => void,
  ) {
    const channel = callChannels[operation][event];
    const heard = (message: unknown) => listener(message as SidecarCallMessage);
    channel.subscribe(heard);
    const before = unsubscribe;
    unsubscribe = () => {
      before();
      channel.unsubscribe(heard);
    };
  }

  it.each(OPERATIONS)(
    'builds no message of a %s without subscribers, and passes the options on',
    async (operation) => {
      for (const other of OPERATIONS) if (other !== operation) subscribe(other, 'start', () => {});
      await expect(call(operation)).resolves.toEqual({ statusCode: 200 });
      expect(built).toBe(0);
      expect(client.options[0]).toBe(timeout);
    },
  );

  it.each(OPERATIONS)('tells of a %s, and of its answer', async (operation) => {
    const messages: SidecarCallMessage[] = [];
    subscribe(operation, 'start', (message) => {
      expect(client.options).toEqual([]);
      messages.push(message);
    });
    subscribe(operation, 'asyncEnd', (message) => messages.push(message));
    await call(operation);
    expect(messages[1]).toBe(messages[0]);
    expect(messages[0]).toMatchObject({
      operation,
      serviceName: 'auth',
      url: endpoint.origin,
      headers: {},
      result: { statusCode: 200 },
    });
    expect(messages[0]?.source).toBe(status);
    expect(messages[0]).not.toHaveProperty('error');
  });

  it('sends the headers that subscribers add, with this call alone', async () => {
    const values = ['one', 'two'];
    subscribe('register', 'start', ({ headers }) => (headers.traceparent = values.shift() ?? ''));
    await call('register');
    await call('register');
    expect(client.options).toEqual([
      { timeout: 100, headers: { traceparent: 'one' } },
      { timeout: 100, headers: { traceparent: 'two' } },
    ]);
  });

  it('makes the call by means of what a subscriber puts in place of run', async () => {
    const steps: string[] = [];
    client.answer = () => {
      steps.push('call');
      return Promise.resolve({});
    };
    subscribe('drain', 'start', (message) => {
      const { run } = message;
      message.run = (work) => {
        steps.push('before');
        const result = run(work);
        steps.push('after');
        return result;
      };
    });
    await call('drain');
    expect(steps).toEqual(['before', 'call', 'after']);
  });

  it.each<[string, () => Promise<SidecarAnswer>]>([
    ['rejects', () => Promise.reject(new Error('refused'))],
    [
      'throws at once',
      () => {
        throw new Error('refused');
      },
    ],
  ])('tells of a call that %s, and fails in the same way', async (_how, answer) => {
    client.answer = answer;
    const failed = jest.fn();
    const ended = jest.fn();
    subscribe('deregister', 'error', ({ error }) => failed(error));
    subscribe('deregister', 'asyncEnd', ({ error, result }) => ended(error, result));
    await expect(call('deregister')).rejects.toThrow('refused');
    expect(failed.mock.calls).toEqual([[new Error('refused')]]);
    expect(ended.mock.calls).toEqual([[new Error('refused'), undefined]]);
  });

  it('names the Unix socket of the agent', async () => {
    const settings = { endpoint: { ...endpoint, socketPath: '/run/agent.sock' } };
    published = new PublishingClient({ client, status, settings });
    const paths: unknown[] = [];
    subscribe('register', 'start', ({ socketPath }) => paths.push(socketPath));
    await call('register');
    expect(paths).toEqual(['/run/agent.sock']);
  });

  it('closes the client', async () => {
    await published.close();
    expect(client.closed).toBe(1);
  });
});
