import {
  type Attributes,
  type Context,
  context,
  createContextKey,
  propagation,
  ROOT_CONTEXT,
  type Span,
  SpanKind,
  SpanStatusCode,
  trace,
} from '@opentelemetry/api';
import type { SidecarCallMessage, SidecarShutdownMessage } from '../channels/sidecar-messages.js';
import { messageOf } from '../support/text/describe-thrown.js';
import {
  DIALECT,
  ERROR_TYPE,
  INSTANCE_ID,
  SCOPE,
  SERVER_ADDRESS,
  SERVER_PORT,
  SERVICE_NAME,
  STATUS_CODE,
} from './attributes.js';
import { errorTypeOf } from './error-type.js';

/** The key of `suppressTracing` in `@opentelemetry/core`: keys of one name are the same. */
const SUPPRESS_TRACING = createContextKey('OpenTelemetry SDK Context Key SUPPRESS_TRACING');

/** Traces one service. */
export class SidecarSpans {
  readonly #tracer = trace.getTracer(SCOPE);
  readonly #open = new Map<object, Span>();
  #shutdown: Context = ROOT_CONTEXT;

  /**
   * Starts the span of a call. A register is the root of a trace; what the shutdown sends belongs
   * to the span of the shutdown.
   */
  callStarts(message: SidecarCallMessage): void {
    const { operation, headers, run } = message;
    const parent = operation === 'register' ? ROOT_CONTEXT : this.#shutdown;
    const options = { kind: SpanKind.CLIENT, attributes: attributesOf(message) };
    const span = this.#tracer.startSpan(`sidecar_agent.${operation}`, options, parent);
    this.#open.set(message, span);
    const within = trace.setSpan(parent, span);
    propagation.inject(within, headers);
    // The instrumentation of undici would add a second `traceparent`, and a span of the same call.
    const quiet = within.setValue(SUPPRESS_TRACING, true);
    message.run = (call) => run(() => context.with(quiet, call));
  }

  callEnds(message: SidecarCallMessage): void {
    const span = this.#take(message);
    if (!span) return;
    if ('error' in message) fail(span, message.error);
    const { dialect, instanceId, statusCode } = message.result ?? {};
    if (dialect) span.setAttribute(DIALECT, dialect);
    if (instanceId) span.setAttribute(INSTANCE_ID, instanceId);
    if (statusCode !== undefined) span.setAttribute(STATUS_CODE, statusCode);
    span.end();
  }

  shutdownStarts(message: SidecarShutdownMessage): void {
    const attributes = { [SERVICE_NAME]: message.serviceName };
    const span = this.#tracer.startSpan('sidecar_agent.shutdown', { attributes }, ROOT_CONTEXT);
    this.#open.set(message, span);
    this.#shutdown = trace.setSpan(ROOT_CONTEXT, span);
  }

  shutdownEnds(message: SidecarShutdownMessage): void {
    const span = this.#take(message);
    const error = message.errors.at(-1);
    if (span && error) fail(span, error);
    span?.end();
  }

  /**
   * Ends the spans that are open: nobody would end them later. A call that the end of the leave has
   * cut has no answer.
   */
  close(): void {
    for (const [message, span] of this.#open) {
      if ('operation' in message) fail(span, new Error('not answered before the service left the mesh'));
      span.end();
    }
    this.#open.clear();
  }

  #take(message: object): Span | undefined {
    const span = this.#open.get(message);
    this.#open.delete(message);
    return span;
  }
}

function attributesOf({ serviceName, url, socketPath }: SidecarCallMessage): Attributes {
  const service = { [SERVICE_NAME]: serviceName };
  if (socketPath) return { ...service, [SERVER_ADDRESS]: socketPath };
  const { hostname, port, protocol } = new URL(url);
  const usual = protocol === 'https:' ? 443 : 80;
  return { ...service, [SERVER_ADDRESS]: hostname, [SERVER_PORT]: port ? Number(port) : usual };
}

function fail(span: Span, thrown: unknown): void {
  span.setAttribute(ERROR_TYPE, errorTypeOf(thrown));
  const statusCode: unknown = thrown instanceof Error ? Reflect.get(thrown, 'statusCode') : undefined;
  if (typeof statusCode === 'number') span.setAttribute(STATUS_CODE, statusCode);
  span.setStatus({ code: SpanStatusCode.ERROR, message: messageOf(thrown) });
}
