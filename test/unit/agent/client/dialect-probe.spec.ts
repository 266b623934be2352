import { afterEach, describe, expect, it } from '@jest/globals';
import { HttpSidecarClient } from '../../../../lib/agent/client/http-sidecar-client.js';
import { SidecarApiError } from '../../../../lib/errors/sidecar-api.error.js';
import { SystemClock } from '../../../../lib/support/timing/sidecar-clock.js';
import { shortOptions } from '../../../faults/support/watch-run.js';
import { answer, ScriptedAgent } from '../../../support/scripted-agent.js';
import { NODE } from '../../fixtures/fixtures.js';

const FLAT_ERROR = '{"error":"invalid character in body"}';
const NODE_ERROR = '{"success":false,"code":"register_failed","message":"no registry"}';

describe('a register, if the dialect of the agent is not known', () => {
  let agent: ScriptedAgent;
  let client: HttpSidecarClient;

  afterEach(async () => {
    await client.close();
    await agent.close();
  });

  /** Starts a client of an agent that gives these answers to registers, the last one for ever. */
  async function start(...answers: string[]): Promise<void> {
    const left = [...answers];
    agent = await new ScriptedAgent({
      '/register': (socket) => void socket.write((left.length > 1 ? left.shift() : left[0]) ?? ''),
    }).listen();
    client = new HttpSidecarClient(shortOptions({ baseUrl: agent.url }), new SystemClock());
  }

  const register = (dialect?: 'node' | 'flat') =>
    client.register(NODE, { dialect }).catch((error: unknown) => error);
  const dialects = () =>
    agent.to('/register').map(({ body }) => ('service' in parse(body) ? 'node' : 'flat'));

  it('is sent in the other dialect if the agent refuses the first with 400 and the shape of the other', async () => {
    await start(answer(400, FLAT_ERROR), answer(200, '{"name":"auth"}'));
    expect(await register()).toMatchObject({ dialect: 'flat', statusCode: 200 });
    expect(dialects()).toEqual(['node', 'flat']);
    await register();
    expect(dialects()).toEqual(['node', 'flat', 'flat']);
  });

  it('is sent in the other dialect also if the caller knows what the agent spoke', async () => {
    await start(answer(400, FLAT_ERROR), answer(200, '{"name":"auth"}'));
    expect(await register('node')).toMatchObject({ dialect: 'flat', statusCode: 200 });
    expect(dialects()).toEqual(['node', 'flat']);
    await register('flat');
    expect(dialects()).toEqual(['node', 'flat', 'flat']);
  });

  it('is not sent twice if the agent has read it, and does not know the instance', async () => {
    const words = 'Unexpected response code: 404 (Unknown service ID "i-1")';
    await start(answer(400, JSON.stringify({ error: words })));
    expect(await register('node')).toMatchObject({ statusCode: 400, reason: words });
    expect(dialects()).toEqual(['node']);
  });

  it('is sent in no other dialect than the option names', async () => {
    await start(answer(400, FLAT_ERROR));
    await client.close();
    client = new HttpSidecarClient(shortOptions({ baseUrl: agent.url, dialect: 'node' }), new SystemClock());
    expect(await register('flat')).toMatchObject({ statusCode: 400 });
    expect(dialects()).toEqual(['node']);
  });

  it.each([401, 403, 404, 409, 422, 429, 500, 502, 503])(
    'is not sent twice if the agent answers %s, whatever the body',
    async (statusCode) => {
      await start(answer(statusCode, FLAT_ERROR));
      expect(await register()).toBeInstanceOf(SidecarApiError);
      expect(await register()).toMatchObject({ statusCode });
      expect(dialects()).toEqual(['node', 'node']);
    },
  );

  it.each([
    ['has a code', NODE_ERROR],
    ['is empty', ''],
    ['is no JSON', '<html>'],
  ])('is not sent twice if a 400 %s', async (_what, body) => {
    await start(answer(400, body));
    expect(await register()).toMatchObject({ statusCode: 400 });
    expect(dialects()).toEqual(['node']);
  });

  it.each(['', '<html>'])(
    'is not sent twice if an agent that spoke flat answers 400 and %j',
    async (body) => {
      await start(answer(400, body));
      expect(await register('flat')).toMatchObject({ statusCode: 400 });
      expect(dialects()).toEqual(['flat']);
    },
  );

  it('is sent as before if an agent that spoke flat answers 500 with a code', async () => {
    await start(answer(400, FLAT_ERROR), answer(200, '{"name":"auth"}'), answer(500, NODE_ERROR));
    await register();
    await register();
    await register();
    expect(dialects()).toEqual(['node', 'flat', 'flat', 'flat']);
  });
});

function parse(body: string): object {
  return JSON.parse(body) as object;
}
