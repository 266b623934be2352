import { request } from 'node:http';
import type { IncomingHttpHeaders, OutgoingHttpHeaders } from 'node:http';

export interface Answer {
  readonly status: number;
  readonly headers: IncomingHttpHeaders;
  readonly text: string;
  /** The body parsed as JSON; empty if it is not JSON. */
  readonly json: Record<string, unknown>;
}

const JSON_TYPE: OutgoingHttpHeaders = { 'content-type': 'application/json' };

/** Sends one request on its own connection. */
export function send(
  url: string,
  method: string,
  body?: string | object,
  headers: OutgoingHttpHeaders = JSON_TYPE,
): Promise<Answer> {
  const text = typeof body === 'object' ? JSON.stringify(body) : body;
  return new Promise((resolve, reject) => {
    const outgoing = request(url, { method, agent: false, headers });
    outgoing.once('error', reject);
    outgoing.once('response', (response) => {
      let received = '';
      response.setEncoding('utf8');
      response.on('data', (chunk: string) => (received += chunk));
      response.once('error', reject);
      response.once('end', () => {
        resolve({
          status: response.statusCode ?? 0,
          headers: response.headers,
          text: received,
          json: parse(received),
        });
      });
    });
    outgoing.end(text);
  });
}

export const get = (url: string): Promise<Answer> => send(url, 'GET');
export const post = (url: string, body: string | object): Promise<Answer> => send(url, 'POST', body);

function parse(text: string): Record<string, unknown> {
  try {
    return JSON.parse(text) as Record<string, unknown>;
  } catch {
    return {};
  }
}
