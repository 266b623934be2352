import { createHash } from 'node:crypto';
import { once } from 'node:events';
import { createServer, type IncomingMessage, type ServerResponse, type ServerOptions } from 'node:http';
import { createServer as createTlsServer, type ServerOptions as TlsOptions } from 'node:https';
import type { AddressInfo, ListenOptions } from 'node:net';

/** A call as it came. */
export interface ConsulCall {
  /** `PUT /v1/agent/service/register`, decoded, without the query. */
  readonly what: string;
  readonly query: Readonly<Record<string, string>>;
  readonly headers: IncomingMessage['headers'];
  readonly body: string;
}

/** An answer: a status and a text; `silence` never comes, `break` closes the connection. */
export type ConsulAnswer =
  readonly [status: number, text: string, headers?: Record<string, string>] | 'silence' | 'break';

/** How a version says that it does not hold what a call is about. */
export type UnknownAnswers = (what: string) => readonly [status: number, text: string];

/** The definition of a service, as it was registered. */
export interface FakeService {
  readonly ID: string;
  readonly Name: string;
  readonly Address: string;
  readonly Port: number;
  readonly Weights: { readonly Passing: number };
  readonly Meta: Readonly<Record<string, string>>;
  readonly Tags?: readonly string[];
  readonly Checks: readonly Readonly<Record<string, string>>[];
  readonly [field: string]: unknown;
}

/** The part of a Consul agent's API that the module calls, kept in memory. */
export class FakeConsul {
  readonly calls: ConsulCall[] = [];
  readonly services = new Map<string, FakeService>();
  readonly maintenance = new Set<string>();
  /** What `status/leader` says. */
  leader: ConsulAnswer = [200, '"127.0.0.1:8300"'];
  /** Answers in place of the fake's own; the first whose key is in the call's name counts. */
  readonly scripts = new Map<string, ConsulAnswer>();
  unknown: UnknownAnswers = (what) => [404, `Unknown service ID in ${what}`];
  readonly #server;
  readonly #watchers = new Set<() => void>();
  readonly #polls = new Set<() => void>();

  constructor(tls?: TlsOptions & ServerOptions) {
    const serve = (request: IncomingMessage, response: ServerResponse) => void this.#serve(request, response);
    this.#server = tls ? createTlsServer(tls, serve) : createServer(serve);
  }

  get url(): string {
    return `http://127.0.0.1:${this.port}`;
  }

  /** Where it listens, or has listened. */
  port = 0;

  async listen(where: ListenOptions = { port: 0, host: '127.0.0.1' }): Promise<this> {
    this.#server.listen(where);
    await once(this.#server, 'listening');
    this.port = (this.#server.address() as AddressInfo).port;
    return this;
  }

  /** Ends as a process that is killed: what is open breaks. */
  async close(): Promise<void> {
    if (!this.#server.listening) return;
    this.#server.close();
    this.#server.closeAllConnections();
    await once(this.#server, 'close');
  }

  /** The calls whose name has this text. */
  to(text: string): ConsulCall[] {
    return this.calls.filter(({ what }) => what.includes(text));
  }

  /** How many long polls wait. */
  get polls(): number {
    return this.#polls.size;
  }

  /** Deregisters a service, as another client or the reaper does. */
  lose(id: string): void {
    this.services.delete(id);
    this.maintenance.delete(id);
    this.#changed();
  }

  /** Changes the content of a service, as another client does. */
  change(id: string, fields: Partial<FakeService>): void {
    const service = this.services.get(id);
    if (service) this.services.set(id, { ...service, ...fields });
    this.#changed();
  }

  /** Waits until a condition holds; it is looked at with each call and each answer. */
  async until(condition: () => boolean, milliseconds = 8_000): Promise<void> {
    if (condition()) return;
    await new Promise<void>((resolve, reject) => {
      const look = () => {
        if (!condition()) return;
        clearTimeout(timer);
        this.#watchers.delete(look);
        resolve();
      };
      const timer = setTimeout(() => {
        this.#watchers.delete(look);
        reject(
          new Error(`in vain: ${condition.toString()}; ${this.calls.map(({ what }) => what).join(', ')}`),
        );
      }, milliseconds);
      this.#watchers.add(look);
    });
  }

  async #serve(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const chunks: Buffer[] = [];
    for await (const chunk of request) chunks.push(chunk as Buffer);
    const url = new URL(request.url ?? '/', 'http://consul');
    const what = `${request.method ?? ''} ${decodeURIComponent(url.pathname)}`;
    const body = Buffer.concat(chunks).toString();
    const call = { what, query: Object.fromEntries(url.searchParams), headers: request.headers, body };
    this.calls.push(call);
    this.#look();
    const script = [...this.scripts].find(([text]) => what.includes(text))?.[1];
    const answer = script ?? (await this.#answer(call, response));
    if (answer === 'break') request.socket.destroy();
    else if (answer !== 'silence')
      response.writeHead(answer[0], answer[2]).end(answer[1], () => this.#look());
  }

  async #answer(call: ConsulCall, response: ServerResponse): Promise<ConsulAnswer> {
    const [, verb = '', id = ''] = /^(?:PUT|GET) \/v1\/(?:agent\/)?(\w+\/\w+)\/?(.*)$/.exec(call.what) ?? [];
    switch (verb) {
      case 'status/leader':
        return this.leader;
      case 'service/register':
        return this.#register(JSON.parse(call.body) as FakeService, 'replace-existing-checks' in call.query);
      case 'check/pass':
        return this.services.has(id.replace(/^service:(.*):ttl$/, '$1')) ? [200, ''] : this.unknown(verb);
      case 'service/maintenance':
        if (!this.services.has(id)) return this.unknown(verb);
        this.maintenance.add(id);
        return [200, ''];
      case 'service/deregister':
        if (!this.services.has(id)) return this.unknown(verb);
        this.lose(id);
        return [200, ''];
      default:
        return this.#poll(call, response);
    }
  }

  #register(service: FakeService, isReplaced: boolean): ConsulAnswer {
    if (isReplaced) this.maintenance.delete(service.ID);
    this.services.set(service.ID, service);
    this.#changed();
    return [200, ''];
  }

  async #poll({ what, query }: ConsulCall, response: ServerResponse): Promise<ConsulAnswer> {
    const id = what.replace('GET /v1/agent/service/', '');
    if (query.hash && query.hash === this.#hash(id)) {
      await new Promise<void>((resolve) => {
        const end = () => {
          clearTimeout(timer);
          this.#polls.delete(lookAgain);
          resolve();
        };
        // As Consul: equal content wakes nobody.
        const lookAgain = () => (query.hash === this.#hash(id) ? undefined : end());
        const timer = setTimeout(end, parseInt(query.wait ?? '0', 10));
        response.on('close', end);
        this.#polls.add(lookAgain);
        this.#look();
      });
    }
    const service = this.services.get(id);
    if (!service) return [404, `unknown service ID: ${id}`];
    return [200, JSON.stringify({ ...service, ContentHash: this.#hash(id) })];
  }

  #hash(id: string): string {
    return createHash('sha256')
      .update(JSON.stringify(this.services.get(id) ?? ''))
      .digest('hex')
      .slice(0, 16);
  }

  #changed(): void {
    for (const lookAgain of [...this.#polls]) lookAgain();
    this.#look();
  }

  #look(): void {
    for (const look of [...this.#watchers]) look();
  }
}
