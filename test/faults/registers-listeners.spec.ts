import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { freePort } from '../support/free-port.js';
import { ScriptedAgent } from '../support/scripted-agent.js';
import { CONNECTED, inTurn, OpenStreams, says } from './support/frames-streams.js';
import { ACCEPTED, answers, envelope } from './support/registers-answers.js';
import { ScriptProcess } from './support/registers-process.js';

describe('`onError` or a status subscriber throws: logged, nothing else', () => {
  let agent: ScriptedAgent;
  let service: ScriptProcess;

  beforeEach(async () => {
    const streams = new OpenStreams();
    agent = await new ScriptedAgent({
      '/watch': inTurn(says(CONNECTED, 'data: {\n\n'), streams.script),
      // One is lost with its stream, one is refused.
      '/register': inTurn(answers(ACCEPTED), answers(envelope(500, 'register_failed')), answers(ACCEPTED)),
    }).listen();
  });

  afterEach(async () => {
    await service.kill();
    await agent.close();
  });

  describe.each([
    ['onError', 'The option onError threw', 2],
    // Three subscribers, each at every change.
    ['status$', 'A subscriber threw; it stays subscribed', 12],
    ['events$', 'A subscriber threw; it stays subscribed', 9],
  ])('%s', (who, line, times) => {
    it.each([
      ['throws', 'an Error'],
      ['throws', 'text'],
      ['throws', 'nothing'],
      ['throws', 'an object that has no text'],
      ['rejects', 'an Error'],
      ['rejects', 'an object that has no text'],
    ])('%s (%s)', async (how, thrown) => {
      const port = await freePort();
      service = new ScriptProcess('registers-throwing-main.mjs', {
        port,
        baseUrl: agent.url,
        who,
        how,
        thrown,
      });
      await agent
        .until(() => agent.to('/register').length === 3)
        .catch((thrown: unknown) => Promise.reject(new Error(`${String(thrown)}\n${service.output}`)));
      service.signal('SIGTERM');
      expect(await service.exited).toBe(0);
      expect(agent.requests.map(({ path }) => path).slice(-2)).toEqual(['/drain', '/deregister']);
      expect(service.output.split(line).length - 1).toBeGreaterThanOrEqual(times);
      if (thrown !== 'nothing' && !thrown.startsWith('an object')) {
        expect(service.output).toContain('the listener fell over');
      }
    });
  });
});
