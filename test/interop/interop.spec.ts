import { afterEach, describe, expect, it } from '@jest/globals';
import { EmbeddedAgent, type EmbeddedAgentOptions } from '../../lib/testing/index.js';
import { closedPort } from '../testing/support/ports.js';
import { InteropProcess, liveInstances, runInterop } from './support/interop.process.js';

describe('npm run test:interop', () => {
  const agents: EmbeddedAgent[] = [];
  const start = async (options: EmbeddedAgentOptions): Promise<EmbeddedAgent> => {
    const agent = new EmbeddedAgent({ heartbeatInterval: 100, ...options });
    agents.push(agent);
    await agent.start();
    return agent;
  };
  afterEach(async () => {
    InteropProcess.killAll();
    await Promise.all(agents.splice(0).map((agent) => agent.stop()));
  });

  it.each([
    { dialect: 'node', args: [], headings: ['node dialect'] },
    { dialect: 'flat', args: [], headings: ['flat dialect'] },
    { dialect: 'both', args: [], headings: ['node dialect', 'flat dialect'] },
    { dialect: 'node', args: ['--dialect', 'node'], headings: ['node dialect'] },
    { dialect: 'flat', args: ['--dialect', 'flat'], headings: ['flat dialect'] },
    { dialect: 'both', args: ['--dialect', 'flat'], headings: ['flat dialect'] },
  ] as const)('finds that an agent of dialect $dialect keeps all promises, $args', async (given) => {
    const agent = await start({ dialect: given.dialect });
    const { code, stdout, stderr } = await runInterop(['--url', agent.url, ...given.args]);
    expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
    expect(stdout.match(/^(node|flat) dialect$/gm)).toEqual(given.headings);
    expect(stdout).not.toMatch(/^ *(FAIL|skip|NOT SEEN)/m);
    const [, heldCount, promisedCount] = /^(\d+) of (\d+) promised checks held/m.exec(stdout) ?? [];
    expect(Number(heldCount)).toBeGreaterThan(20);
    expect(heldCount).toBe(promisedCount);
    expect(agent.services().length).toBeGreaterThan(0);
    expect(liveInstances(agent)).toEqual([]);
    expect(agent.watchers).toBe(0);
  });

  it.each(['node', 'flat'] as const)(
    'takes an answer of 200 to a second deregister for an agent that keeps records: %s',
    async (dialect) => {
      const agent = await start({ dialect });
      const gone = new Set<string>();
      agent.on(
        'instance',
        ({ name, state }) => void (state === 'Deregistered' ? gone.add(name) : gone.delete(name)),
      );
      agent.on('request', ({ path, rawBody }) => {
        const again =
          path === '/deregister' && [...gone].some((name) => rawBody.includes(JSON.stringify(name)));
        if (again)
          agent.failNext('/deregister', { status: 200, body: { success: true, state: 'Deregistered' } });
      });
      const { code, stdout } = await runInterop(['--url', agent.url]);
      expect(stdout).toMatch(/^ *note +(deregister)? +a second deregister +200/m);
      expect(stdout).not.toMatch(/^ *FAIL/m);
      expect(code).toBe(0);
    },
  );

  it('registers only its own services, whose ports answer', async () => {
    const agent = await start({ dialect: 'node' });
    await runInterop(['--url', agent.url]);
    const named = agent.services().filter(({ name }) => name.trim() !== '');
    expect(named.every(({ name }) => /^interop-[0-9a-f]{8}$/.test(name))).toBe(true);
    expect(named.some(({ history }) => history.some(({ state }) => state === 'Serving'))).toBe(true);
  });

  it('takes the address from SIDECAR_AGENT_BASE_URL', async () => {
    const agent = await start({ dialect: 'flat' });
    const { code, stdout } = await runInterop([], { SIDECAR_AGENT_BASE_URL: `${agent.url}/` });
    expect(code).toBe(0);
    expect(stdout).toContain(`sidecar-agent at ${agent.url}\n`);
  });

  it('names the address in one line if nothing listens there', async () => {
    const url = `http://127.0.0.1:${await closedPort()}`;
    const { code, stdout, stderr } = await runInterop(['--url', url]);
    expect({ code, stdout }).toEqual({ code: 1, stdout: '' });
    expect(stderr).toContain(`cannot reach a sidecar-agent at ${url} (ECONNREFUSED)`);
    expect(stderr.trim().split('\n')).toHaveLength(1);
  });

  it.each([
    [
      ['--url', 'ftp://127.0.0.1'],
      '--url: must be an address such as http://127.0.0.1:15010, got "ftp://127.0.0.1"',
    ],
    [
      ['--url', '127.0.0.1:15010'],
      '--url: must be an address such as http://127.0.0.1:15010, got "127.0.0.1:15010"',
    ],
    [['--url', 'http://user:secret@127.0.0.1'], '--url: must not contain user info'],
    [['--dialect', 'both'], '--dialect: must be node, flat or auto, got "both"'],
    [['--timeout', 'soon'], '--timeout: must be a time such as 3s, 500ms or 3000, at most 600s, got "soon"'],
    [['--timeout', '0'], '--timeout: must be a time such as 3s, 500ms or 3000, at most 600s, got "0"'],
    [['--timeout'], "Option '--timeout <value>' argument missing"],
    [['--port', '15010'], "Unknown option '--port'"],
    [['15010'], "Unexpected argument '15010'"],
  ])('refuses %j', async (args, message) => {
    const { code, stdout, stderr } = await runInterop(args);
    expect({ code, stdout }).toEqual({ code: 2, stdout: '' });
    expect(stderr).toContain(message);
    expect(stderr).not.toContain('secret');
    expect(stderr.trim().split('\n')).toHaveLength(1);
  });

  it('prints its help', async () => {
    const { code, stdout, stderr } = await runInterop(['--help']);
    expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
    expect(stdout).toContain('npm run test:interop -- [--url URL]');
  });

  it.each(['SIGINT', 'SIGTERM'] as const)('deregisters what it has registered at %s', async (signal) => {
    const agent = await start({ dialect: 'node' });
    agent.hang('/drain');
    const command = new InteropProcess(['--url', agent.url, '--timeout', '1s']);
    await agent.waitFor(() => agent.requests().some(({ path }) => path === '/drain'));
    expect(liveInstances(agent)).toHaveLength(1);
    command.signal(signal);
    const { code, stderr } = await command.result;
    expect(code).toBe(1);
    expect(stderr).toContain(`${signal}: stopped before the end`);
    expect(liveInstances(agent)).toEqual([]);
  });
});
