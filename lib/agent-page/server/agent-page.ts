import type { ServerResponse } from 'node:http';

import type { EmbeddedAgent } from '../../testing/embedded-agent.js';
import type { AgentExtension, ExtensionRequest, StruckFault } from '../../testing/server/agent-extension.js';
import { messageOf } from '../../support/text/describe-thrown.js';
import type { AgentPageOptions } from '../agent-page-options.js';
import { AgentMoments } from '../moments/agent-moments.js';
import { ArmedFaults, faultText } from './armed-faults.js';
import { performChaos, readChaosCommand } from './chaos.js';
import { EndedServices } from './ended-services.js';
import { pageFileOf, readPageFile } from './page-files.js';
import { PAGE_HEADERS } from './page-headers.js';
import { PageModel } from './page-model.js';
import { PageStreams } from './page-streams.js';

/** How long changes are collected before they are sent, in milliseconds. */
const COLLECTED = 50;

/** The values of `Sec-Fetch-Site` for requests of other web pages. */
const FOREIGN_SITES: ReadonlySet<string> = new Set(['cross-site', 'same-site']);

/** A page at `/` that shows what an agent holds and what happens to it. */
export class AgentPage implements AgentExtension {
  readonly headers = PAGE_HEADERS;
  readonly moments: AgentMoments;
  readonly #agent: EmbeddedAgent;
  readonly #hasChaos: boolean;
  readonly #model: PageModel;
  readonly #streams = new PageStreams(() => {
    this.#flush();
    return this.#model.state;
  });
  readonly #ended: EndedServices;
  readonly #armed: ArmedFaults;
  #timer: NodeJS.Timeout | undefined;

  /** Adds the page to an agent. It need not be started yet. */
  constructor(agent: EmbeddedAgent, { chaos = false }: AgentPageOptions = {}) {
    this.#agent = agent;
    this.#hasChaos = chaos;
    this.#armed = new ArmedFaults(agent);
    const model = new PageModel(agent, this.#armed, chaos);
    this.#model = model;
    this.#ended = new EndedServices(model, () => this.#changed());
    this.moments = new AgentMoments(agent);
    this.moments.listen((moment) => {
      this.#streams.send('moment', this.#model.addMoment(moment));
      this.#ended.watch();
      this.#changed();
    });
    for (const event of ['instance', 'watch', 'answer'] as const) agent.on(event, () => this.#changed());
    agent.extend(this);
  }

  owns(path: string): boolean {
    return path === '/' || path.startsWith('/page/');
  }

  handle({ method, path, headers, body }: ExtensionRequest, response: ServerResponse): void {
    if (path === '/page/chaos' && this.#hasChaos)
      return this.#inMethod('POST', method, response, () => this.#perform(body, response));
    if (path === '/page/events') {
      return this.#inMethod('GET', method, response, () => this.#openStream(headers, response));
    }
    const file = pageFileOf(path);
    if (file === undefined) return answer(response, 404, '404 page not found');
    // Node sends no body to HEAD.
    this.#inMethod('GET', method === 'HEAD' ? 'GET' : method, response, () => {
      readPageFile(file).then(
        (content) => answer(response, 200, content, file.type),
        (failure: unknown) => answer(response, 500, `cannot read ${file.name}: ${messageOf(failure)}`),
      );
    });
  }

  struck(fault: StruckFault): void {
    if (this.#armed.struck(fault)) this.#announce(`the call ${fault.path} is ${faultText(fault)}`);
  }

  performed(...given: Parameters<AgentExtension['performed']>): void {
    this.moments.performed(...given);
  }

  answered(...given: Parameters<AgentExtension['answered']>): void {
    this.moments.answered(...given);
  }

  runningChanged(isRunning: boolean): void {
    this.moments.runningChanged(isRunning);
  }

  #inMethod(expected: string, method: string, response: ServerResponse, act: () => void): void {
    if (method === expected) return act();
    response.setHeader('allow', expected);
    answer(response, 405, 'Method Not Allowed');
  }

  #openStream(headers: ExtensionRequest['headers'], response: ServerResponse): void {
    // Other pages cannot read the stream, but could open all that there may be.
    if (FOREIGN_SITES.has(String(headers['sec-fetch-site'])))
      return answer(response, 403, 'requests from other web pages are refused');
    if (this.#streams.isFull) return answer(response, 503, 'too many pages are open');
    this.#streams.open(response);
  }

  #perform(body: unknown, response: ServerResponse): void {
    const command = readChaosCommand(body);
    if (typeof command === 'string') return answer(response, 400, command);
    try {
      const said: string[] = [];
      const tell = (text: string) => {
        said.push(text);
        this.#announce(text);
      };
      performChaos({ agent: this.#agent, armed: this.#armed, tell }, command);
      // A restart ends the connection of this answer.
      answer(
        response,
        200,
        said.join('; '),
        undefined,
        () => command.action === 'restart' && this.#restart(),
      );
    } catch (failure) {
      answer(response, 400, messageOf(failure));
    }
  }

  #restart(): void {
    this.#agent.restart().catch((failure: unknown) => {
      this.moments.publish({ event: 'failed', at: new Date().toISOString(), text: messageOf(failure) });
    });
  }

  #announce(text: string): void {
    this.moments.publish({ event: 'chaos', at: new Date().toISOString(), text });
  }

  #changed(): void {
    // Whoever opens a page gets all of it.
    if (this.#streams.isEmpty) return;
    this.#timer ??= setTimeout(() => this.#flush(), COLLECTED).unref();
  }

  #flush(): void {
    clearTimeout(this.#timer);
    this.#timer = undefined;
    const change = this.#model.takeChange();
    if (change) this.#streams.send('change', change);
  }
}

function answer(
  response: ServerResponse,
  status: number,
  body: string | Buffer,
  type = 'text/plain; charset=utf-8',
  then?: () => void,
): void {
  response.writeHead(status, { ...PAGE_HEADERS, 'content-type': type });
  response.end(body, then);
}
