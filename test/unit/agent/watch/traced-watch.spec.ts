import { subscribe, unsubscribe } from 'node:diagnostics_channel';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { ScriptedAgent } from '../../../support/scripted-agent.js';
import { OneWatch } from '../../fixtures/one-watch.js';

describe('the end of GET /watch, as OpenTelemetry is told of it', () => {
  let agent: ScriptedAgent;
  let watch: OneWatch;
  let failures: string[];

  const note = (message: unknown) => {
    const { request, error } = message as { request: { origin: string }; error: Error };
    // The connections of other tests may still be closing.
    if (request.origin === agent.url) failures.push(`${error.name}: ${error.message}`);
  };

  beforeEach(async () => {
    failures = [];
    agent = await new ScriptedAgent().listen();
    subscribe('undici:request:error', note);
  });

  afterEach(async () => {
    unsubscribe('undici:request:error', note);
    watch.stop();
    await agent.close();
  });

  it('is aborted if the watch was stopped before the answer', async () => {
    agent.scripts = { '/watch': () => {} };
    watch = new OneWatch(agent);
    await agent.until(() => agent.requests.length === 1);
    watch.stop();
    await agent.until(() => agent.open === 0);
    expect(failures[0]).toBe('AbortError: the watch has ended');
  });

  it('is aborted at once if the watch was stopped after the answer', async () => {
    watch = new OneWatch(agent);
    await watch.types(1);
    watch.stop();
    await watch.end;
    expect(failures[0]).toMatch(/^AbortError: /);
  });

  it('is a failure if a deadline has passed', async () => {
    watch = new OneWatch(agent);
    await watch.types(1);
    await watch.pass(15_000);
    await agent.until(() => agent.open === 0);
    expect(failures[0]).toMatch(/^WatchError: .* sent nothing for 15000 ms/);
  });
});
