import { afterEach, describe, expect, it } from '@jest/globals';
import { SidecarAgent, type SidecarAgentError } from '../../lib/index.js';
import { createGreeterApp, type GreeterApp } from '../support/greeter-app.js';
import { answer, chunk, ScriptedAgent, STREAM_HEAD } from '../support/scripted-agent.js';
import { statusWhere } from '../support/status-where.js';

/**
 * A line break that would forge a log line, an escape that would colour it, a mark that turns its
 * direction; and no end.
 */
const FOUL = `\r\nERROR forged\u001b[31m\u0000\u009b\u2028\u202e${'x'.repeat(100_000)}`;
/** What Nest's own colours are not made of, and no log line or status holds. */
// eslint-disable-next-line no-control-regex
const UNPRINTABLE = /[\u0000-\u001f\u007f-\u009f\u2028\u2029\u202a-\u202e]/;
/** More than any of our lines is long, less than the foul text. */
const BOUND = 1_500;

describe('text of the agent', () => {
  const agent = new ScriptedAgent();
  let greeter: GreeterApp;

  afterEach(async () => {
    await greeter.app.close();
    await agent.close();
  });

  it('is bounded and free of control characters in every log line, error and status', async () => {
    const errors: SidecarAgentError[] = [];
    const statuses: unknown[] = [];
    let watches = 0;
    let registers = 0;
    const foulAnswer = (success: boolean) =>
      JSON.stringify({
        success,
        code: FOUL,
        message: FOUL,
        data: { state: `Serving${FOUL}`, instance_id: FOUL, drain_deadline: FOUL },
      });
    agent.scripts = {
      '/watch': (socket) => {
        const fields = { service: FOUL, status: FOUL, lifecycle_state: FOUL, message: FOUL };
        const said = JSON.stringify({ event: 'connected', ...fields });
        socket.write(
          Buffer.concat([Buffer.from(STREAM_HEAD), chunk(`id: a\u001b[31m\u0085\ndata: ${said}\n\n`)]),
        );
        watches += 1;
        if (watches === 1) socket.write(chunk(`event: a\u001b\ndata: {${'\u0007'.repeat(99_999)}\n\n`));
        if (watches === 2) {
          socket.write(chunk(`data: ${JSON.stringify({ event: 'disconnected', message: FOUL })}\n\n`));
        }
      },
      '/register': (socket) => {
        registers += 1;
        socket.write(registers === 1 ? answer(500, foulAnswer(false)) : answer(200, foulAnswer(true)));
      },
      '/drain': (socket) => socket.write(answer(400, JSON.stringify({ error: FOUL }))),
      '/deregister': (socket) => socket.write(answer(500, FOUL)),
    };
    await agent.listen();
    greeter = await createGreeterApp('microservice', {
      baseUrl: agent.url,
      gracePeriod: 1_000,
      drainDelay: 0,
      reconnectInterval: 20,
      onError: (error) => errors.push(error),
    });
    const sidecar = greeter.app.get(SidecarAgent);
    await greeter.listen();
    statuses.push(await statusWhere(greeter.app, ({ registered }) => registered && watches === 3));
    await greeter.app.close();
    statuses.push(sidecar.status());

    const kinds = ['watch_event_parse', 'watch_stream_closed', 'register_replay', 'sidecar_api'];
    expect(errors.map(({ kind }) => kind)).toEqual(expect.arrayContaining(kinds));
    const texts = [
      ...greeter.logs.lines,
      ...errors.map(({ message }) => message),
      ...statuses.flatMap((status) => textsOf(status)),
    ];
    expect(texts.some((text) => text.includes('forged'))).toBe(true);
    for (const text of texts) {
      expect(text).not.toMatch(UNPRINTABLE);
      expect(text.length).toBeLessThan(BOUND);
    }
  });
});

/** Every text in a value, however deep. */
function textsOf(value: unknown): string[] {
  if (typeof value === 'string') return [value];
  return typeof value === 'object' && value !== null ? Object.values(value).flatMap(textsOf) : [];
}
