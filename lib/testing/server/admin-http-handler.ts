import type { IncomingMessage, ServerResponse } from 'node:http';

import type { AgentRequest } from '../agent-request.js';
import type { ScriptedFailure } from '../scripted-failure.js';
import type { AgentAction } from '../wire/agent-command.js';
import { jsonAnswer, textAnswer } from '../wire/http-answer.js';
import type { HttpAnswer } from '../wire/http-answer.js';
import { instanceDocument } from '../wire/instance-document.js';
import type { AdminApi } from './admin-api.js';
import type { AgentExtension } from './agent-extension.js';
import type { AgentEvents } from './agent-events.js';
import { routeOf } from './agent-routes.js';
import type { AgentRoute } from './agent-routes.js';
import type { InstanceRegistry } from './instance-registry.js';
import { MAX_BODY_BYTES, parseBody, receiveBody } from './request-body.js';
import type { Refusal, RequestGuard } from './request-guard.js';
import type { RequestLog } from './request-log.js';
import type { ScriptedFaults } from './scripted-faults.js';
import type { WatchStreams } from './watch-streams.js';

/** What {@link AdminHttpHandler} works with. */
export interface AdminHttpContext {
  readonly api: AdminApi;
  readonly guard: RequestGuard;
  readonly registry: InstanceRegistry;
  readonly streams: WatchStreams;
  readonly faults: ScriptedFaults;
  readonly log: RequestLog;
  readonly events: AgentEvents;
  readonly extension: () => AgentExtension | undefined;
  /** Whether the agent was killed: it must not finish what it had begun. */
  readonly isClosed: () => boolean;
}

/**
 * Answers HTTP requests: logs each, refuses those of web pages, applies scripted failures, performs
 * what its path is for.
 */
export class AdminHttpHandler {
  readonly #context: AdminHttpContext;

  constructor(context: AdminHttpContext) {
    this.#context = context;
  }

  async handle(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const { guard, log, events, faults, isClosed } = this.#context;
    const read = await receiveBody(request);
    if (read.outcome === 'aborted' || isClosed()) return;
    const rawBody = read.outcome === 'complete' ? read.rawBody : '';
    const [path = '/'] = (request.url ?? '/').split('?', 1);
    if (this.#context.extension()?.owns(path)) {
      this.#extend(request, response, path, rawBody);
      return;
    }
    const received: AgentRequest = Object.freeze({
      method: request.method ?? 'GET',
      path,
      headers: request.headers,
      rawBody,
      body: parseBody(rawBody),
      at: new Date(),
      status: undefined,
    });
    log.add(received);
    events.emit('request', received);
    const route = routeOf(received.method, path);
    const refusal = guard.refusalOf(received.method, received.headers);
    if (refusal !== undefined) {
      this.#send(response, received, this.#refused(refusal, received, route));
      return;
    }
    if ('status' in route) {
      this.#send(response, received, route);
      return;
    }
    faults.pass(path, () => {
      if (isClosed()) return;
      this.#act(response, received, route, read.outcome === 'too_large');
    });
  }

  #extend(
    { method = 'GET', headers }: IncomingMessage,
    response: ServerResponse,
    path: string,
    rawBody: string,
  ) {
    const refusal = this.#context.guard.refusalOf(method, headers);
    const extension = this.#context.extension();
    if (refusal) write(response, textAnswer(refusal.status, refusal.message, extension?.headers));
    else extension?.handle({ method, path, headers, body: parseBody(rawBody) }, response);
  }

  #act(response: ServerResponse, request: AgentRequest, route: AgentRoute, isTooLarge: boolean): void {
    const failure = this.#context.faults.take(request.path);
    if (failure !== undefined) {
      // Only for its effect: the script says what to answer.
      if (failure.landed === true && 'action' in route) this.#context.api.answer(route.action, request);
      const { status } = failure;
      this.#context.extension()?.struck({ path: request.path, status });
      const answer: HttpAnswer = {
        ...this.#scripted(failure, request, route),
        refusedBecause: 'scripted',
      };
      this.#whenDue(request, () => this.#send(response, request, answer));
      return;
    }
    if ('action' in route) {
      const answer = this.#perform(route.action, request, isTooLarge);
      this.#context.extension()?.performed(request, answer);
      this.#whenDue(request, () => this.#send(response, request, answer));
    } else if (route.page === 'watch') {
      this.#whenDue(request, () => this.#openStream(response, request));
    } else {
      const { page } = route;
      this.#whenDue(request, () => this.#send(response, request, this.#page(page)));
    }
  }

  /** Answers immediately, or after the delay that was scripted for the call or its path. */
  #whenDue({ path }: AgentRequest, answer: () => void): void {
    const { faults, extension } = this.#context;
    const once = faults.takeDelay(path);
    if (once !== undefined) extension()?.struck({ path, delay: once });
    const delay = once ?? faults.delayOf(path);
    if (delay === 0) return answer();
    const timer = setTimeout(() => {
      if (!this.#context.isClosed()) answer();
    }, delay);
    // A stopped agent must not keep the process alive, and a running one does so by itself.
    timer.unref();
  }

  #perform(action: AgentAction, request: AgentRequest, isTooLarge: boolean): HttpAnswer {
    const { api } = this.#context;
    if (!isTooLarge) return api.answer(action, request);
    return api.failure(
      action,
      undefined,
      413,
      'request_too_large',
      `the body is larger than ${MAX_BODY_BYTES} bytes`,
    );
  }

  #refused({ status, code, message }: Refusal, request: AgentRequest, route: AgentRoute | HttpAnswer) {
    if (!('action' in route)) return textAnswer(status, message);
    return this.#context.api.failure(route.action, request.body, status, code, message);
  }

  #page(page: 'healthz' | 'services'): HttpAnswer {
    if (page === 'healthz') return jsonAnswer(200, { status: 'ok' });
    return jsonAnswer(200, { services: this.#context.registry.snapshot().map(instanceDocument) });
  }

  #scripted(failure: ScriptedFailure, request: AgentRequest, route: AgentRoute): HttpAnswer {
    const { status, body, headers = {} } = failure;
    const message = `scripted answer ${status}`;
    if (typeof body === 'string') return textAnswer(status, body, headers);
    if (body !== undefined) return withHeaders(jsonAnswer(status, body), headers);
    if (!('action' in route)) return textAnswer(status, message, headers);
    const { action } = route;
    return withHeaders(
      this.#context.api.failure(action, request.body, status, `${action}_failed`, message),
      headers,
    );
  }

  #openStream(response: ServerResponse, request: AgentRequest): void {
    const { streams, log, events } = this.#context;
    // The client disconnected while the request was held.
    if (response.destroyed) return;
    if (streams.isFull) {
      const message = `the agent has ${streams.size} watch streams, the most it may (option maxStreams)`;
      this.#send(response, request, textAnswer(503, message));
      return;
    }
    streams.open(response);
    events.emit('answer', log.answered(request, 200));
  }

  #send(response: ServerResponse, request: AgentRequest, answer: HttpAnswer): void {
    const { log, events, extension } = this.#context;
    write(response, answer);
    const answered = log.answered(request, answer.status);
    events.emit('answer', answered);
    extension()?.answered(answered, answer);
  }
}

function write(response: ServerResponse, { status, headers, body }: HttpAnswer): void {
  response.statusCode = status;
  for (const [name, value] of Object.entries(headers)) response.setHeader(name, value);
  response.end(body);
}

function withHeaders(answer: HttpAnswer, headers: Readonly<Record<string, string>>): HttpAnswer {
  return { ...answer, headers: { ...answer.headers, ...headers } };
}
