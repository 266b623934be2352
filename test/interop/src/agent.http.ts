import { request as requestHttp } from 'node:http';
import type { Agent, ClientRequest, IncomingHttpHeaders } from 'node:http';
import { request as requestHttps } from 'node:https';

/** A complete answer. */
export interface Reply {
  readonly status: number;
  readonly headers: IncomingHttpHeaders;
  readonly text: string;
  /** Whether the call reused the connection of an earlier one. */
  readonly isReused: boolean;
}

/** The agent sent no complete answer. The message has the reason, without the address. */
export class NoAnswerError extends Error {}

const MAX_REPLY_BYTES = 1_048_576;

/** Sends raw HTTP requests to one agent. */
export class AgentHttp {
  readonly #base: URL;
  /** Milliseconds. */
  readonly timeout: number;

  constructor(base: URL, timeout: number) {
    this.#base = base;
    this.timeout = timeout;
  }

  get isTls(): boolean {
    return this.#base.protocol === 'https:';
  }

  /** Begins a request on its own connection, or on one of `agent`. */
  begin(method: string, path: string, accept: string, agent: Agent | false = false): ClientRequest {
    const url = new URL(this.#base);
    url.pathname = url.pathname.replace(/\/$/, '') + path;
    const headers = { accept, ...(method === 'POST' && { 'content-type': 'application/json' }) };
    const request = this.isTls ? requestHttps : requestHttp;
    return request(url, { method, agent, headers });
  }

  /** @throws {NoAnswerError} */
  send(method: string, path: string, body?: string, agent?: Agent): Promise<Reply> {
    return new Promise((resolve, reject) => {
      const outgoing = this.begin(method, path, 'application/json', agent);
      const giveUp = (why: string) => {
        clearTimeout(timer);
        reject(new NoAnswerError(why));
        outgoing.destroy();
      };
      const timer = setTimeout(() => giveUp(`no complete answer within ${this.timeout} ms`), this.timeout);
      outgoing.on('error', (error) => giveUp(reasonOf(error)));
      outgoing.once('response', (response) => {
        const chunks: Buffer[] = [];
        let size = 0;
        response.on('data', (chunk: Buffer) => {
          chunks.push(chunk);
          size += chunk.length;
          if (size > MAX_REPLY_BYTES) giveUp(`an answer of more than ${MAX_REPLY_BYTES} bytes`);
        });
        response.on('error', (error) => giveUp(reasonOf(error)));
        response.once('end', () => {
          clearTimeout(timer);
          resolve({
            status: response.statusCode ?? 0,
            headers: response.headers,
            text: Buffer.concat(chunks).toString('utf8'),
            isReused: outgoing.reusedSocket,
          });
        });
      });
      outgoing.end(body);
    });
  }
}

/** Returns the reason of a failed connection: its code, otherwise the message. */
export function reasonOf(error: Error): string {
  const code: unknown = Reflect.get(error, 'code');
  return typeof code === 'string' ? code : error.message;
}
