import { subscribe, unsubscribe } from 'node:diagnostics_channel';
import { type Context, context, SpanKind, SpanStatusCode, trace, TraceFlags } from '@opentelemetry/api';
import type { ReadableSpan } from '@opentelemetry/sdk-trace-node';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { SidecarAgent } from '../../lib/index.js';
import { SidecarAgentOtelModule } from '../../lib/otel/index.js';
import { EmbeddedAgent } from '../../lib/testing/index.js';
import { createGreeterApp, type GreeterApp, type GreeterOptions } from '../support/greeter-app.js';
import { statusWhere } from '../support/status-where.js';
import { Telemetry } from '../support/telemetry.js';

/** Whether the SDK makes no spans in a context, such as those of an instrumentation. */
const isQuiet = (within: Context) => !trace.getTracer('test').startSpan('probe', {}, within).isRecording();

describe('the traces of SidecarAgentOtelModule', () => {
  let telemetry: Telemetry;
  let agent: EmbeddedAgent;
  let greeter: GreeterApp;

  beforeEach(async () => {
    telemetry = new Telemetry();
    agent = new EmbeddedAgent();
    await agent.start();
  });

  afterEach(async () => {
    await greeter.app.close();
    await agent.stop();
    await telemetry.shutdown();
  });

  async function start(more: GreeterOptions = {}): Promise<SidecarAgent> {
    greeter = await createGreeterApp(
      'microservice',
      { baseUrl: agent.url, gracePeriod: 2_000, ...more },
      { imports: [SidecarAgentOtelModule.forRoot()] },
    );
    await greeter.listen();
    const sidecar = greeter.app.get(SidecarAgent);
    await sidecar.registered();
    return sidecar;
  }

  /** The header of each request of a path, as the agent got it. */
  const traceparents = (path: string) =>
    agent
      .requests()
      .filter((request) => request.path === path)
      .map(({ headers }) => headers.traceparent);
  const traceparentOf = (span: ReadableSpan) => {
    const { traceId, spanId, traceFlags } = span.spanContext();
    return `00-${traceId}-${spanId}-0${traceFlags}`;
  };
  const shapes = () =>
    telemetry.spans.map(({ name, kind, parentSpanContext, status }) => ({
      name,
      kind,
      status: status.code,
      parent: telemetry.spans.find((one) => one.spanContext().spanId === parentSpanContext?.spanId)?.name,
    }));

  it('have a root for each register, and one shutdown with its drain and deregister', async () => {
    const sidecar = await start();
    await sidecar.update({ weight: 10 });
    await greeter.app.close();
    const ofAgent = { kind: SpanKind.CLIENT, status: SpanStatusCode.UNSET };
    expect(shapes()).toEqual([
      { name: 'sidecar_agent.register', ...ofAgent, parent: undefined },
      { name: 'sidecar_agent.register', ...ofAgent, parent: undefined },
      { name: 'sidecar_agent.drain', ...ofAgent, parent: 'sidecar_agent.shutdown' },
      { name: 'sidecar_agent.deregister', ...ofAgent, parent: 'sidecar_agent.shutdown' },
      { name: 'sidecar_agent.shutdown', kind: SpanKind.INTERNAL, status: SpanStatusCode.UNSET },
    ]);
    const [first, second] = telemetry.named('sidecar_agent.register');
    expect(first?.spanContext().traceId).not.toBe(second?.spanContext().traceId);
    const [shutdown, drain] = ['shutdown', 'drain'].map(
      (name) => telemetry.named(`sidecar_agent.${name}`)[0],
    );
    expect(drain?.spanContext().traceId).toBe(shutdown?.spanContext().traceId);
  });

  it('tell the service, the address and the answer', async () => {
    await start();
    await greeter.app.close();
    const { hostname, port } = new URL(agent.url);
    const service = { 'sidecar_agent.service.name': 'greeter' };
    expect(telemetry.named('sidecar_agent.register')[0]?.attributes).toEqual({
      ...service,
      'server.address': hostname,
      'server.port': Number(port),
      'sidecar_agent.dialect': 'node',
      'sidecar_agent.instance.id': agent.services()[0]?.instanceId,
      'http.response.status_code': 200,
    });
    expect(telemetry.named('sidecar_agent.shutdown')[0]?.attributes).toEqual(service);
  });

  it('reach the agent: each call carries the context of its span, and the watch none', async () => {
    const sidecar = await start();
    await sidecar.drain();
    await sidecar.resume();
    await greeter.app.close();
    for (const operation of ['register', 'drain', 'deregister']) {
      const spans = telemetry.named(`sidecar_agent.${operation}`);
      expect(spans).toHaveLength(2);
      expect(traceparents(`/${operation}`)).toEqual(spans.map(traceparentOf));
    }
    expect(traceparents('/watch')).toEqual([undefined]);
    // A drain of your code is no part of a shutdown.
    const [manual, ofShutdown] = telemetry.named('sidecar_agent.drain');
    expect(manual?.parentSpanContext).toBeUndefined();
    const [shutdown] = telemetry.named('sidecar_agent.shutdown');
    expect(ofShutdown?.parentSpanContext?.spanId).toBe(shutdown?.spanContext().spanId);
  });

  it('have no parent in the code that caused a call', async () => {
    const sidecar = await start();
    await trace.getTracer('test').startActiveSpan('request', async (request) => {
      await sidecar.update({ weight: 10 });
      request.end();
    });
    const spans = telemetry.named('sidecar_agent.register');
    expect(spans.map(({ parentSpanContext }) => parentSpanContext)).toEqual([undefined, undefined]);
  });

  it('are errors with the type and the message of the error if a call fails', async () => {
    agent.failNext('/register', { status: 503, body: { success: false, message: 'not now' } });
    await start({ shutdownTimeout: 700, requestTimeout: 200, gracePeriod: 100 });
    const [failed, accepted] = telemetry.named('sidecar_agent.register');
    expect(failed?.status).toEqual({
      code: SpanStatusCode.ERROR,
      message: expect.stringContaining('POST /register answered 503'),
    });
    expect(failed?.attributes).toMatchObject({ 'error.type': '503', 'http.response.status_code': 503 });
    expect(accepted?.status).toEqual({ code: SpanStatusCode.UNSET });
    agent.hang('/deregister');
    await greeter.app.close();
    agent.resume('/deregister');
    const deregisters = telemetry.named('sidecar_agent.deregister');
    expect(deregisters.length).toBeGreaterThan(0);
    for (const { status } of deregisters) expect(status.code).toBe(SpanStatusCode.ERROR);
    // `shutdownTimeout` may cut the last one, but not the first.
    const uncut = deregisters.length === 1 ? deregisters : deregisters.slice(0, -1);
    for (const { attributes } of uncut) expect(attributes['error.type']).toBe('ETIMEDOUT');
    const [shutdown] = telemetry.named('sidecar_agent.shutdown');
    expect(shutdown?.status).toEqual({
      code: SpanStatusCode.ERROR,
      message: greeter.app.get(SidecarAgent).shutdownErrors.at(-1)?.message,
    });
    expect(shutdown?.attributes).toMatchObject({ 'error.type': expect.any(String) });
  });

  it('are errors if the service leaves before the answer', async () => {
    await start({ shutdownTimeout: 300, gracePeriod: 0 });
    agent.hang('/deregister');
    await greeter.app.close();
    const [cut, ...others] = telemetry.named('sidecar_agent.deregister');
    expect(others).toEqual([]);
    expect(cut?.status.code).toBe(SpanStatusCode.ERROR);
    expect(cut?.attributes).toMatchObject({ 'error.type': expect.any(String) });
  });

  it('say the code of a connection that fails', async () => {
    await start({ gracePeriod: 200 });
    await agent.stop();
    await greeter.app.close();
    const errors = telemetry.named('sidecar_agent.drain').map(({ attributes }) => attributes['error.type']);
    expect(new Set(errors)).toEqual(new Set(['ECONNREFUSED']));
  });

  it('make each call in the context of its span, where the instrumentation of undici is quiet', async () => {
    const seen = new Map<string, { spanId?: string; isQuiet: boolean }>();
    const note = (message: unknown) => {
      const { request } = message as { request: { path: string; origin: string } };
      const active = context.active();
      const spanId = trace.getSpan(active)?.spanContext().spanId;
      if (request.origin === agent.url) seen.set(request.path, { spanId, isQuiet: isQuiet(active) });
    };
    subscribe('undici:request:create', note);
    await start();
    await greeter.app.close();
    unsubscribe('undici:request:create', note);
    for (const operation of ['register', 'drain', 'deregister']) {
      const spanId = telemetry.named(`sidecar_agent.${operation}`)[0]?.spanContext().spanId;
      expect(seen.get(`/${operation}`)).toEqual({ spanId, isQuiet: true });
    }
    expect(seen.get('/watch')).toEqual({ spanId: undefined, isQuiet: false });
  });

  it('are not those of what the option headers does, and the option wins', async () => {
    const contexts: Context[] = [];
    const headers = () => {
      contexts.push(context.active());
      return { Traceparent: 'of-the-option' };
    };
    await start({ headers });
    expect(traceparents('/register')).toEqual(['of-the-option']);
    expect(contexts.map((one) => trace.getSpan(one)?.spanContext())).toEqual(contexts.map(() => undefined));
    expect(contexts.map(isQuiet)).toEqual(contexts.map(() => false));
  });

  it('go on over reconnects', async () => {
    await start();
    await agent.restart();
    await statusWhere(greeter.app, ({ disconnectCount, registered }) => disconnectCount === 1 && registered);
    expect(telemetry.named('sidecar_agent.register')).toHaveLength(2);
    expect(telemetry.spans.map((span) => span.spanContext().traceFlags)).toEqual(
      Array(2).fill(TraceFlags.SAMPLED),
    );
  });
});
