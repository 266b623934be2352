import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { answer, type Script } from '../support/scripted-agent.js';
import { LeavingGreeter } from './support/leaving-greeter.js';
import { answers, envelope } from './support/registers-answers.js';

/** What an agent can do with a call. */
type Fault = 'answers' | 'fails' | 'hangs' | 'breaks off' | 'never ends';
const FAULTS: readonly Fault[] = ['answers', 'fails', 'hangs', 'breaks off', 'never ends'];

function script(fault: Fault, path: string): Script {
  switch (fault) {
    case 'answers':
      return answers(answer(200));
    case 'fails':
      return answers(envelope(500, `${path.slice(1)}_failed`));
    case 'hangs':
      return () => {};
    case 'breaks off':
      return (socket) => void socket.resetAndDestroy();
    case 'never ends':
      return (socket) => {
        socket.write('HTTP/1.1 200 OK\r\ntransfer-encoding: chunked\r\n\r\n');
        const timer = setInterval(() => socket.write('1\r\n \r\n'), 20);
        socket.once('close', () => clearInterval(timer));
      };
  }
}

/** What the log says of it. */
const TOLD: Record<Fault, (path: string) => RegExp> = {
  answers: (path) => (path === '/drain' ? /Drained/ : /Deregistered/),
  fails: (path) => new RegExp(`POST ${path} answered 500 ${path.slice(1)}_failed`),
  hangs: (path) => new RegExp(`did not answer POST ${path} within`),
  'breaks off': () => /connection to the sidecar-agent at \S+ failed \(\w+\)/,
  'never ends': (path) => new RegExp(`did not answer POST ${path} within`),
};

const BOUNDED = { requestTimeout: 300, gracePeriod: 400, drainDelay: 0 };
/** What a process may need to end once all is done, on a busy machine. */
const SLACK = 3_000;

describe('leaving an agent that fails: the rest is done, all bounded, process exits', () => {
  let greeter: LeavingGreeter;

  beforeEach(async () => {
    greeter = new LeavingGreeter();
    await greeter.agent.listen();
  });

  afterEach(() => greeter.close());

  async function leave(sidecar: Parameters<LeavingGreeter['start']>[0]): Promise<number> {
    await greeter.start({ ...BOUNDED, ...sidecar });
    await greeter.process.printed('Registered greeter');
    greeter.process.signal('SIGTERM');
    const { code, took } = await greeter.ended();
    expect(code).toBe(0);
    return took;
  }

  describe.each(FAULTS)('drain: it %s', (drain) => {
    it.each(FAULTS)('deregister: it %s', async (deregister) => {
      greeter.agent.scripts = {
        ...greeter.agent.scripts,
        '/drain': script(drain, '/drain'),
        '/deregister': script(deregister, '/deregister'),
      };
      // gracePeriod and three requests
      expect(await leave({})).toBeLessThan(1_300 + SLACK);
      // One that broke off on a kept connection is sent once more.
      expect([...new Set(greeter.posts)]).toEqual(['/register', '/drain', '/deregister']);
      expect(greeter.process.output).toMatch(TOLD[drain]('/drain'));
      expect(greeter.process.output).toMatch(TOLD[deregister]('/deregister'));
      expect(greeter.process.output).toContain('Left the mesh');
    });
  });

  it('agent gone before', async () => {
    const minute = { reconnectInterval: '1m', maxReconnectInterval: '1m', requestTimeout: '1m' };
    await greeter.start({ ...BOUNDED, ...minute });
    await greeter.process.printed('Registered greeter');
    await greeter.agent.close();
    await greeter.process.printed('reconnecting');
    greeter.process.signal('SIGTERM');
    const { code, took } = await greeter.ended();
    expect(code).toBe(0);
    expect(took).toBeLessThan(400 + SLACK);
    // One warning, at the end, for the drain and the deregister.
    expect(
      greeter.process.output.match(/cannot reach the sidecar-agent at \S+ \(ECONNREFUSED\)/gi),
    ).toHaveLength(1);
    expect(greeter.process.output).toContain('Left the mesh');
  });

  it('agent gone between drain and deregister', async () => {
    greeter.agent.scripts = {
      ...greeter.agent.scripts,
      '/drain': (socket) => void socket.end(answer(200), () => void greeter.agent.close()),
    };
    expect(await leave({ requestTimeout: '1m' })).toBeLessThan(400 + SLACK);
    expect(greeter.posts).toEqual(['/register', '/drain']);
    expect(greeter.process.output).toMatch(/cannot reach the sidecar-agent at \S+ \(ECONNREFUSED\)/i);
  });

  it.each([401, 403])('credentials refused with %i: given up long before shutdownTimeout', async (status) => {
    greeter.agent.scripts = {
      ...greeter.agent.scripts,
      '/drain': answers(envelope(status, 'refused')),
      '/deregister': answers(envelope(status, 'refused')),
    };
    expect(await leave({ shutdownTimeout: '20s' })).toBeLessThan(2_000 + SLACK);
    expect(greeter.posts.filter((path) => path === '/deregister').length).toBeGreaterThan(1);
    expect(greeter.process.output).toContain('the agent may still list');
  });

  it.each(['/drain', '/deregister'])('%s hangs for longer than shutdownTimeout', async (path) => {
    greeter.agent.scripts = { ...greeter.agent.scripts, [path]: () => {} };
    const took = await leave({ requestTimeout: '1m', shutdownTimeout: 600 });
    expect(took).toBeLessThan(600 + SLACK);
    expect(greeter.process.output).toContain('shutdownTimeout reached');
    expect(greeter.posts.at(-1)).toBe(path);
  });

  it.each([
    'No service registered with ID "i-1"',
    'Unknown service ID "i-1". Ensure that the service ID is passed, not the service name.',
  ])('the registry behind it has lost the instance: one wait, not two (%s)', async (words) => {
    const drainDelay = 2_000;
    const error = `Unexpected response code: 404 (${words})`;
    greeter.agent.scripts = {
      ...greeter.agent.scripts,
      '/drain': answers(answer(400, JSON.stringify({ error }))),
    };
    expect(await leave({ gracePeriod: '20s', drainDelay })).toBeLessThan(2 * drainDelay);
    expect(greeter.posts).toEqual(['/register', '/drain', '/deregister']);
  });

  it('a stream that beats on for ever holds nothing up', async () => {
    const beats: Script = (socket, request) => {
      greeter.streams.script(socket, request);
      const timer = setInterval(() => socket.write('1\r\n:\r\n'), 10);
      socket.once('close', () => clearInterval(timer));
    };
    greeter.agent.scripts = { ...greeter.agent.scripts, '/watch': beats };
    expect(await leave({})).toBeLessThan(1_300 + SLACK);
    await greeter.agent.until(() => greeter.agent.open === 0);
    expect(greeter.posts).toEqual(['/register', '/drain', '/deregister']);
  });
});
