import type { ServerResponse } from 'node:http';

import type { EmbeddedAgent } from '../../testing/embedded-agent.js';
import type { AgentExtension, ExtensionRequest } from '../../testing/server/agent-extension.js';
import { messageOf } from '../../support/text/describe-thrown.js';
import type { AgentPageOptions } from '../agent-page-options.js';
import { AgentMoments } from '../moments/agent-moments.js';
import { ArmedFaults } from './armed-faults.js';
import { performChaos, readChaosCommand } from './chaos.js';
import { pageFileOf, readPageFile } from './page-files.js';
import { PAGE_HEADERS } from './page-headers.js';
import { PageModel } from './page-model.js';
import { PageStreams } from './page-streams.js';
import { RefusedPorts } from './refused-ports.js';

/** How long changes are collected before they are sent, in milliseconds. */
const COLLECTED = 50;

/** A page at `/` that shows what an agent holds and what happens to it. */
export class AgentPage implements AgentExtension {
  readonly moments: AgentMoments;
  readonly #agent: EmbeddedAgent;
  readonly #hasChaos: boolean;
  readonly #model: PageModel;
  readonly #streams = new PageStreams();
  readonly #refusedPorts = new RefusedPorts({
    ports: () => this.#model.refusedPorts,
    onClosed: (port) => {
      this.#model.dropRefused(port);
      this.#changed();
    },
  });
  readonly #armed: ArmedFaults;
  #timer: NodeJS.Timeout | undefined;

  /** Adds the page to an agent. It need not be started yet. */
  constructor(agent: EmbeddedAgent, { chaos = false }: AgentPageOptions = {}) {
    this.#agent = agent;
    this.#hasChaos = chaos;
    this.#model = new PageModel(agent, chaos);
    this.moments = new AgentMoments(agent);
    this.moments.listen((moment) => {
      this.#streams.send('moment', this.#model.addMoment(moment));
      this.#refusedPorts.watch();
      this.#changed();
    });
    for (const event of ['instance', 'watch', 'answer'] as const) agent.on(event, () => this.#changed());
    agent.extend(this);
    this.#armed = new ArmedFaults(agent, (struck) => {
      this.#model.setFaults({ armed: this.#armed.texts });
      if (struck !== undefined) this.#tell(struck);
      this.#changed();
    });
  }

  owns(path: string): boolean {
    return path === '/' || path.startsWith('/page/');
  }

  handle({ method, path, body }: ExtensionRequest, response: ServerResponse): void {
    if (path === '/page/chaos' && this.#hasChaos)
      return this.#inMethod('POST', method, response, () => this.#fail(body, response));
    if (path === '/page/events')
      return this.#inMethod('GET', method, response, () => this.#openStream(response));
    const file = pageFileOf(path);
    if (file === undefined) return answer(response, 404, '404 page not found');
    this.#inMethod('GET', method, response, () => {
      readPageFile(file).then(
        (content) => answer(response, 200, content, file.type),
        (failure: unknown) => answer(response, 500, `cannot read ${file.name}: ${messageOf(failure)}`),
      );
    });
  }

  answered(...given: Parameters<AgentExtension['answered']>): void {
    this.moments.answered(...given);
  }

  turned(isRunning: boolean): void {
    this.moments.turned(isRunning);
  }

  #inMethod(expected: string, method: string, response: ServerResponse, act: () => void): void {
    if (method === expected) return act();
    response.setHeader('allow', expected);
    answer(response, 405, 'Method Not Allowed');
  }

  #openStream(response: ServerResponse): void {
    if (this.#streams.isFull) return answer(response, 503, 'too many pages are open');
    this.#flush();
    this.#streams.open(response, this.#model.state);
  }

  #fail(body: unknown, response: ServerResponse): void {
    const command = readChaosCommand(body);
    if (typeof command === 'string') return answer(response, 400, command);
    try {
      const told: string[] = [];
      const tell = (text: string) => {
        told.push(text);
        this.#tell(text);
      };
      if (command.action === 'silence' || command.action === 'unsilence')
        this.#model.setFaults({ isSilent: command.action === 'silence' });
      performChaos({ agent: this.#agent, armed: this.#armed, tell }, command);
      // A restart ends the connection of this answer.
      answer(
        response,
        200,
        told.join('; '),
        undefined,
        () => command.action === 'restart' && this.#restart(),
      );
    } catch (failure) {
      answer(response, 400, messageOf(failure));
    }
  }

  #restart(): void {
    this.#agent.restart().catch((failure: unknown) => this.#tell(messageOf(failure)));
  }

  #tell(text: string): void {
    this.moments.tell({ event: 'chaos', at: new Date().toISOString(), text });
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
