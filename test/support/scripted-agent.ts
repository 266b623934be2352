import { once } from 'node:events';
import { createServer, type ListenOptions, type Server, type Socket } from 'node:net';
import { createServer as createTlsServer, type TlsOptions } from 'node:tls';

/** A request as it came over the wire. */
export interface WireRequest {
  readonly method: string;
  readonly path: string;
  /** Names in lower case. */
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string;
}

/**
 * What a script does with one request: it writes bytes to the socket, or breaks it, or does nothing
 * at all.
 */
export type Script = (socket: Socket, request: WireRequest) => void;

/** A script for each path; what has none is answered as a well-behaved agent would. */
export type Scripts = Readonly<Record<string, Script>>;

/** The head of an event stream, and its first event. */
export const STREAM_HEAD =
  'HTTP/1.1 200 OK\r\ncontent-type: text/event-stream\r\ntransfer-encoding: chunked\r\n\r\n';

/** One chunk of a chunked body. */
export function chunk(data: string | Uint8Array): Buffer {
  const bytes = Buffer.from(data);
  return Buffer.concat([Buffer.from(`${bytes.length.toString(16)}\r\n`), bytes, Buffer.from('\r\n')]);
}

/** A whole answer. */
export function answer(status: number, body = '{}', headers: Readonly<Record<string, string>> = {}): string {
  const all = {
    'content-type': 'application/json',
    'content-length': String(Buffer.byteLength(body)),
    ...headers,
  };
  const lines = Object.entries(all).map(([name, value]) => `${name}: ${value}\r\n`);
  return `HTTP/1.1 ${status} Scripted\r\n${lines.join('')}\r\n${body}`;
}

/** What a well-behaved agent of the node dialect does. */
const WELL_BEHAVED: Scripts = {
  '/watch': (socket) =>
    void socket.write(Buffer.concat([Buffer.from(STREAM_HEAD), chunk('event: connected\ndata: ok\n\n')])),
  '/register': (socket) =>
    void socket.write(answer(200, '{"success":true,"code":"register_ok","message":"","data":{}}')),
  '/drain': (socket) =>
    void socket.write(answer(200, '{"success":true,"code":"drain_ok","message":"","data":{}}')),
  '/deregister': (socket) =>
    void socket.write(answer(200, '{"success":true,"code":"deregister_ok","message":"","data":{}}')),
};

/**
 * An agent down to its bytes: a TCP, TLS or Unix socket server that reads HTTP requests and leaves
 * the answer to a script. The scripts can be changed while it runs.
 */
export class ScriptedAgent {
  readonly #server: Server;
  readonly #sockets = new Set<Socket>();
  readonly #watchers = new Set<() => void>();
  readonly requests: WireRequest[] = [];
  /** How many connections were accepted. */
  accepted = 0;

  constructor(
    public scripts: Scripts = {},
    tls?: TlsOptions,
  ) {
    this.#server = tls
      ? createTlsServer(tls, (socket) => this.#serve(socket))
      : createServer((socket) => this.#serve(socket));
  }

  /** How many connections are open. */
  get open(): number {
    return this.#sockets.size;
  }

  get port(): number {
    const address = this.#server.address();
    if (!address || typeof address === 'string') throw new Error('the scripted agent has no port');
    return address.port;
  }

  get url(): string {
    return `http://127.0.0.1:${this.port}`;
  }

  async listen(where: ListenOptions = { port: 0, host: '127.0.0.1' }): Promise<this> {
    this.#server.listen(where);
    await once(this.#server, 'listening');
    return this;
  }

  async close(): Promise<void> {
    if (!this.#server.listening) return;
    this.#server.close();
    for (const socket of this.#sockets) socket.destroy();
    await once(this.#server, 'close');
  }

  /** The requests to a path. */
  to(path: string): WireRequest[] {
    return this.requests.filter((request) => request.path === path);
  }

  /** Waits, looking at every connection, request and closed connection, until a condition holds. */
  async until(condition: () => boolean, milliseconds = 8_000): Promise<void> {
    if (condition()) return;
    await new Promise<void>((resolve, reject) => {
      const timer = setTimeout(() => {
        this.#watchers.delete(look);
        reject(
          new Error(
            `in vain: ${condition.toString()}; seen ${this.requests.map(({ path }) => path).join(' ')}`,
          ),
        );
      }, milliseconds);
      const look = () => {
        if (!condition()) return;
        clearTimeout(timer);
        this.#watchers.delete(look);
        resolve();
      };
      this.#watchers.add(look);
    });
  }

  #serve(socket: Socket): void {
    this.accepted += 1;
    this.#sockets.add(socket);
    this.#look();
    let text = '';
    socket
      .setEncoding('latin1')
      .on('data', (data) => {
        text += String(data);
        for (let parsed = parse(text); parsed; parsed = parse(text)) {
          text = parsed.rest;
          this.requests.push(parsed.request);
          const script = this.scripts[parsed.request.path] ?? WELL_BEHAVED[parsed.request.path];
          if (script) script(socket, parsed.request);
          else socket.write(answer(404, '404 page not found', { 'content-type': 'text/plain' }));
          this.#look();
        }
      })
      // A client that resets the connection is what some tests are about.
      .on('error', () => {})
      .on('close', () => {
        this.#sockets.delete(socket);
        this.#look();
      });
  }

  #look(): void {
    for (const look of [...this.#watchers]) look();
  }
}

function parse(text: string): { request: WireRequest; rest: string } | undefined {
  const end = text.indexOf('\r\n\r\n');
  if (end < 0) return undefined;
  const [first = '', ...lines] = text.slice(0, end).split('\r\n');
  const [method = '', path = ''] = first.split(' ');
  const headers = Object.fromEntries(
    lines.map((line) => [
      line.slice(0, line.indexOf(':')).toLowerCase(),
      line.slice(line.indexOf(':') + 1).trim(),
    ]),
  );
  const from = end + 4;
  const length = Number(headers['content-length'] ?? 0);
  if (text.length < from + length) return undefined;
  const body = Buffer.from(text.slice(from, from + length), 'latin1').toString('utf8');
  return { request: { method, path, headers, body }, rest: text.slice(from + length) };
}
