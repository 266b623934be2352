import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { SidecarAgent } from '../../lib/index.js';
import { EmbeddedAgent } from '../../lib/testing/index.js';
import { eventually } from '../support/eventually.js';
import { createGreeterApp, type GreeterApp } from '../support/greeter-app.js';
import { postedPaths } from '../support/posted-paths.js';
import { answer, type Script } from '../support/scripted-agent.js';
import { CONNECTED, inTurn } from './support/frames-streams.js';
import { ACCEPTED, answers, envelope } from './support/registers-answers.js';
import { RegisteringGreeter } from './support/registers-greeter.js';

const refused = (error: string) => answers(answer(400, JSON.stringify({ error })));
const held = (state: string) =>
  answers(answer(200, JSON.stringify({ instance_id: 'i-1', state, request: {} })));
const REASSERT_LIMIT = 15_000;
const LOST_LEASE = [
  'CheckID "service:greeter" does not have associated TTL',
  'Unexpected response code: 500 (Unknown check ID "service:greeter". Ensure that the check ID is passed)',
];

describe.each(['node', 'flat'] as const)('an agent of the dialect %s that lost the instance', (dialect) => {
  let agent: EmbeddedAgent;
  let greeter: GreeterApp;

  beforeEach(async () => {
    agent = new EmbeddedAgent({ dialect, heartbeatInterval: 50 });
    await agent.start();
    greeter = await createGreeterApp('microservice', { baseUrl: agent.url, reassertInterval: 40 });
    await greeter.listen();
    await greeter.app.get(SidecarAgent).registered();
  });

  afterEach(async () => {
    await greeter.app.close();
    await agent.stop();
  });

  it('has it again, though its stream stayed open', async () => {
    const { app, service, serverPort } = greeter.app.get(SidecarAgent).node ?? { app: undefined };
    const who =
      dialect === 'flat'
        ? { name: service?.name, port: serverPort }
        : { app_id: app?.id, app_instance_id: app?.instanceId, service_name: service?.name };
    const headers = { 'content-type': 'application/json' };
    const body = JSON.stringify(who);
    const response = await fetch(`${agent.url}/deregister`, { method: 'POST', headers, body });
    expect(response.status).toBe(200);

    // The wait is at least 100 times what the last register took: tens of ms on a busy machine.
    await eventually(
      () => agent.services().some(({ state }) => /Registered|Serving/.test(state)),
      REASSERT_LIMIT,
    );
    const status = greeter.app.get(SidecarAgent).status();
    expect(status).toMatchObject({ registered: true, disconnectCount: 0, registerReplayFailureCount: 0 });
  });

  it('is asked again and again, without a line in the log', async () => {
    const { lines } = greeter.logs;
    const replays = () => greeter.app.get(SidecarAgent).status().registerReplayCount;
    // The first lines come with the first register, and one turn after it.
    await eventually(() => replays() > 1);
    const before = [...lines];
    await eventually(() => replays() > 4);
    expect(lines).toEqual(before);
    expect(agent.services()).toHaveLength(1);
  });
});

describe('an agent of the dialect flat', () => {
  let greeter: RegisteringGreeter;
  const script = (path: string, run: Script) => {
    greeter.agent.scripts = { ...greeter.agent.scripts, [path]: run };
  };
  const posts = () => postedPaths(greeter.agent.requests);

  beforeEach(async () => {
    greeter = new RegisteringGreeter();
    await greeter.agent.listen();
  });

  afterEach(() => greeter.close());

  describe.each(LOST_LEASE)('whose registry says "%s"', (words) => {
    it('gets a deregister and a register', async () => {
      script('/register', inTurn(refused(words), held('Serving')));
      await greeter.start({ dialect: 'flat' });
      await greeter.where(({ registered }) => registered);
      expect(posts()).toEqual(['/register', '/deregister', '/register']);
      const cured = greeter.log.filter((line) => line.includes('; deregistering and registering again'));
      expect(cured).toEqual([expect.stringContaining(`POST /register answered 400: ${words};`)]);
    });

    it('gets them once; then plain registers at the usual waits, and the error says what to do', async () => {
      script('/register', refused(words));
      await greeter.start({ dialect: 'flat' });
      const { lastError } = await greeter.where((status) => status.registerReplayFailureCount === 4);
      expect(lastError).toMatch(/(TTL|check ID).*: restart the sidecar-agent$/i);
      expect(posts().slice(0, 5)).toEqual([
        '/register',
        '/deregister',
        '/register',
        '/register',
        '/register',
      ]);
    });
  });

  it('that refuses a change with a route conflict has the registration before it again', async () => {
    let first: string | undefined;
    script('/register', (socket, request) => {
      first ??= request.body;
      const run = request.body === first ? held('Serving') : refused('route document conflict');
      run(socket, request);
    });
    await greeter.start({ dialect: 'flat' });
    await greeter.where(({ registered }) => registered);
    const update = greeter.app.get(SidecarAgent).update({ methods: ['/test.Other/Call'] });
    const conflict =
      /route document conflict: .*delete the key routes\/test\/default\/greeter\/current in Consul/;
    await expect(update).rejects.toThrow(conflict);
    await greeter.where(({ registered }) => registered);
    const bodies = greeter.agent.to('/register').map(({ body }) => body);
    expect(bodies).toHaveLength(3);
    expect(bodies[2]).toBe(first);
    const lines = greeter.log.filter((line) =>
      line.includes('; registering again what the agent had accepted'),
    );
    expect(lines).toEqual([expect.stringMatching(conflict)]);
  });

  it('where another client drains it: left alone until resume()', async () => {
    script('/register', inTurn(held('Serving'), held('Draining'), held('Serving')));
    await greeter.start({ dialect: 'flat', reassertInterval: 20 });
    await greeter.where(({ state }) => state === 'Draining');
    greeter.streams.say(CONNECTED);
    await greeter.heard('1');
    expect(greeter.status).toMatchObject({ registered: false, phase: 'draining' });
    expect(posts()).toEqual(['/register', '/register']);

    await greeter.app.get(SidecarAgent).resume();
    expect(greeter.status).toMatchObject({ registered: true, state: 'Serving' });
    expect(posts().slice(0, 4)).toEqual(['/register', '/register', '/deregister', '/register']);
  });

  it('that takes longer than requestTimeout is waited for, with one warning', async () => {
    await greeter.start({ dialect: 'flat', requestTimeout: 300 });
    await eventually(() => greeter.log.some((line) => line.includes('waiting up to 1500 ms')));
    greeter.held.give(answer(200, JSON.stringify({ instance_id: 'i-1', state: 'Serving' })));
    await greeter.where(({ registered }) => registered);
    expect(greeter.status.registerReplayFailureCount).toBe(0);
    expect(posts()).toEqual(['/register']);
  });

  it('that says `connected` at each register gets replays at least 100 ms apart', async () => {
    const at: number[] = [];
    script('/register', (socket, request) => {
      at.push(performance.now());
      answers(ACCEPTED)(socket, request);
      greeter.streams.say(CONNECTED);
    });
    await greeter.start({ dialect: 'flat' });
    await greeter.agent.until(() => greeter.posts === 6);
    const gaps = at.slice(1).map((time, index) => time - (at[index] ?? 0));
    // A timer may be early by a part of a millisecond, and an arrival by the lateness of another.
    for (const gap of gaps) expect(gap).toBeGreaterThan(90);
  });
});

it('an update that fails otherwise is repeated, not taken back', async () => {
  const greeter = new RegisteringGreeter();
  await greeter.agent.listen();
  try {
    const failure = answers(envelope(500, 'register_failed'));
    const script = inTurn(answers(ACCEPTED), failure, failure, answers(ACCEPTED));
    greeter.agent.scripts = { ...greeter.agent.scripts, '/register': script };
    await greeter.start();
    await greeter.where(({ registered }) => registered);
    await greeter.app.get(SidecarAgent).update({ weight: 7 });
    expect(greeter.status).toMatchObject({ weight: 7, registered: true, registerReplayFailureCount: 2 });
  } finally {
    await greeter.close();
  }
});
