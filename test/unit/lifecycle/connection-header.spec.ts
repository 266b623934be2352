import { once } from 'node:events';
import { createServer, get, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { closeConnectionsWhile } from '../../../lib/lifecycle/connection-header.js';

describe('closeConnectionsWhile', () => {
  let server: Server;
  let isDraining: boolean;
  let respond: (response: ServerResponse) => void;

  beforeEach(async () => {
    isDraining = true;
    server = createServer((_request, response) => respond(response));
    closeConnectionsWhile(server, () => isDraining);
    server.listen(0, '127.0.0.1');
    await once(server, 'listening');
  });

  afterEach(() => void server.close());

  async function connectionHeader(): Promise<string | undefined> {
    const { port } = server.address() as AddressInfo;
    const request = get({ host: '127.0.0.1', port, headers: { connection: 'keep-alive' }, agent: false });
    const [answer] = (await once(request, 'response')) as [IncomingMessage];
    answer.resume();
    await once(answer, 'end');
    request.destroy();
    return answer.headers.connection;
  }

  it.each<[string, (response: ServerResponse) => void]>([
    ['an implicit head', (response) => void response.end('done')],
    ['a head of its own', (response) => void response.writeHead(204).end()],
    ['headers in the head', (response) => void response.writeHead(200, { 'x-one': '1' }).end('done')],
    ['an early head', (response) => void (response.flushHeaders(), response.end('done'))],
  ])('closes the connection of an answer with %s, while it drains', async (_how, answer) => {
    respond = answer;
    expect(await connectionHeader()).toBe('close');
    isDraining = false;
    expect(await connectionHeader()).toBe('keep-alive');
  });

  it('decides when the head is written, not when the request arrives', async () => {
    isDraining = false;
    respond = (response) => {
      isDraining = true;
      response.end('done');
    };
    expect(await connectionHeader()).toBe('close');
  });

  it('leaves a head alone that is already sent', async () => {
    isDraining = false;
    let failure: unknown;
    respond = (response) => {
      response.write('first');
      isDraining = true;
      try {
        response.writeHead(200);
      } catch (error) {
        failure = error;
      }
      response.end();
    };
    expect(await connectionHeader()).toBe('keep-alive');
    expect(failure).toMatchObject({ code: 'ERR_HTTP_HEADERS_SENT', message: /write/ });
  });

  it('ignores what is no server', () => {
    expect(() => closeConnectionsWhile({}, () => true)).not.toThrow();
  });
});
