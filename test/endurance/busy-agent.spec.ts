import { once } from 'node:events';
import { createServer, type Server, type ServerResponse } from 'node:http';
import { Logger } from '@nestjs/common';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { HttpSidecarClient } from '../../lib/agent/client/http-sidecar-client.js';
import { HttpEventSource } from '../../lib/agent/watch/http-event-source.js';
import { WatchService } from '../../lib/agent/watch/watch.service.js';
import { InFlightCalls } from '../../lib/in-flight/in-flight-calls.js';
import { RegistrationController } from '../../lib/registration/registration-controller.js';
import { NO_FACTS } from '../../lib/status/registration-facts.js';
import { SidecarStatusService } from '../../lib/status/sidecar-status.service.js';
import { SystemClock } from '../../lib/support/timing/sidecar-clock.js';
import { shortOptions } from '../faults/support/watch-run.js';
import { FIRST } from '../unit/fixtures/registration-events.js';

const SERVICES = 20;
/** How long a register takes, and its time limit: 800 ms and 3 s, ten times as fast. */
const WALK = 80;
const REQUEST_TIMEOUT = 300;

/**
 * An agent of the dialect `flat` with a large catalog: it serves one register at a time, walks the
 * catalog for each, and goes on when the client has given up.
 */
class BusyAgent {
  registers = 0;
  readonly #server: Server;
  #tail: Promise<void> = Promise.resolve();

  constructor() {
    this.#server = createServer((request, response) => {
      if (request.url === '/watch') return watch(response);
      let body = '';
      request.setEncoding('utf8').on('data', (text: string) => (body += text));
      request.on('end', () => this.#answer(request.url ?? '', body, response));
    });
  }

  async listen(): Promise<string> {
    this.#server.listen(0, '127.0.0.1');
    await once(this.#server, 'listening');
    const address = this.#server.address();
    return `http://127.0.0.1:${typeof address === 'object' ? address?.port : ''}`;
  }

  close(): void {
    this.#server.close();
    this.#server.closeAllConnections();
  }

  #answer(path: string, body: string, response: ServerResponse): void {
    const isOther = body.startsWith('{"app":') || body.includes('app_instance_id');
    if (isOther) return send(response, 400, { error: 'app_id is required' });
    if (path !== '/register') return send(response, 200, { state: 'Deregistered' });
    this.registers += 1;
    this.#tail = this.#tail
      .then(() => new Promise<void>((resolve) => setTimeout(resolve, WALK)))
      .then(() => send(response, 200, { state: 'Serving', instance_id: 'i' }));
  }
}

function watch(response: ServerResponse): void {
  response.writeHead(200, { 'content-type': 'text/event-stream' });
  response.write('event: connected\ndata: ok\n\n');
}

function send(response: ServerResponse, status: number, body: unknown): void {
  response.writeHead(status, { 'content-type': 'application/json' }).end(JSON.stringify(body));
}

describe('twenty services that start together at a busy agent', () => {
  let agent: BusyAgent;
  let services: RegistrationController[];

  beforeEach(async () => {
    agent = new BusyAgent();
    const baseUrl = await agent.listen();
    const logger = new Logger('SidecarAgent');
    Logger.overrideLogger(false);
    services = Array.from({ length: SERVICES }, () => {
      const settings = shortOptions({
        baseUrl,
        requestTimeout: REQUEST_TIMEOUT,
        reconnectInterval: 100,
        maxReconnectInterval: 500,
        gracePeriod: 0,
      });
      const clock = new SystemClock();
      const client = new HttpSidecarClient(settings, clock);
      const watching = new WatchService(new HttpEventSource(settings, clock), settings, clock);
      const calls = new InFlightCalls(clock);
      const status = new SidecarStatusService(NO_FACTS, calls);
      const parts = { client, watch: watching, status, calls };
      return new RegistrationController({ settings, ...parts, clock, logger });
    });
  });

  afterEach(async () => {
    await Promise.all(services.map((service) => service.leave()));
    agent.close();
  });

  it('are all registered, with hardly a register more than there are services', async () => {
    for (const [index, service] of services.entries()) {
      service.announce({ ...FIRST, serverPort: 20_000 + index });
    }
    await Promise.all(services.map((service) => service.registered()));
    const failed = services.map((service) => service.status().registerReplayFailureCount);
    expect(failed.reduce((sum, count) => sum + count)).toBeLessThanOrEqual(SERVICES);
    // It serves one at a time, so their number is the time that all took. Patient clients send one
    // each.
    expect(agent.registers).toBeLessThanOrEqual(1.2 * SERVICES);
  });
});
