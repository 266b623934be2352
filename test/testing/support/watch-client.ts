import { once } from 'node:events';
import { request } from 'node:http';
import type { ClientRequest, IncomingMessage } from 'node:http';

/** A client of `/watch` that keeps the text it reads. */
export class WatchClient {
  text = '';
  /** How the stream ended: `'end'`, or the code of the error. */
  readonly ended: Promise<string>;
  readonly #outgoing: ClientRequest;
  readonly response: IncomingMessage;

  private constructor(outgoing: ClientRequest, response: IncomingMessage) {
    this.#outgoing = outgoing;
    this.response = response;
    response.setEncoding('utf8');
    response.on('data', (chunk: string) => (this.text += chunk));
    this.ended = new Promise((resolve) => {
      response.once('end', () => resolve('end'));
      response.once('error', (error: NodeJS.ErrnoException) => resolve(error.code ?? error.message));
    });
  }

  static async open(url: string): Promise<WatchClient> {
    const outgoing = request(`${url}/watch`, { agent: false, headers: { accept: 'text/event-stream' } });
    const response = new Promise<IncomingMessage>((resolve, reject) => {
      outgoing.once('response', resolve);
      outgoing.on('error', reject);
    });
    outgoing.end();
    return new WatchClient(outgoing, await response);
  }

  /** Waits until the text that was read matches. The time limit is that of the test. */
  async reads(pattern: RegExp): Promise<string> {
    while (!pattern.test(this.text)) await once(this.response, 'data');
    return this.text;
  }

  close(): void {
    this.#outgoing.destroy();
  }
}

/** Returns the JSON of every frame that has some. */
export function framesOf(text: string): Record<string, unknown>[] {
  return [...text.matchAll(/^data: (\{.*\})$/gm)].map(
    ([, json]) => JSON.parse(json ?? '') as Record<string, unknown>,
  );
}
