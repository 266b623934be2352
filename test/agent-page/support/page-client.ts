import { get, type IncomingMessage } from 'node:http';
import { createParser } from 'eventsource-parser';
import { applyEvent, type PageEventMap, type PageState } from '../../../lib/agent-page/view/page-state.js';
import { eventually } from '../../support/eventually.js';

/** Follows the event stream of a page, as the page does. */
export class PageClient {
  state: PageState | undefined;
  /** All that the agent has sent, as it came. */
  text = '';
  readonly #response: Promise<IncomingMessage>;

  constructor(url: string) {
    const parser = createParser({
      onEvent: ({ event, data }) => {
        const name = event as keyof PageEventMap;
        this.state = applyEvent(this.state, name, JSON.parse(data) as PageEventMap[typeof name]);
      },
    });
    this.#response = new Promise((resolve, reject) => {
      get(`${url}/page/events`, { agent: false }, (response) => {
        response.setEncoding('utf8').on('data', (text: string) => {
          this.text += text;
          parser.feed(text);
        });
        response.on('error', () => undefined);
        resolve(response);
      }).once('error', reject);
    });
  }

  /** The answer of the agent to the request for the stream. */
  get response(): Promise<IncomingMessage> {
    return this.#response;
  }

  /** Waits until the state of the page has something, and returns it. */
  until<T>(look: (state: PageState) => T | undefined | false): Promise<T> {
    return eventually(() => this.state !== undefined && look(this.state));
  }

  async close(): Promise<void> {
    (await this.#response).destroy();
  }
}
