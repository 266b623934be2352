import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { type AgentInstance, EmbeddedAgent } from '../../../lib/testing/index.js';
import { freePort } from '../../support/free-port.js';
import { login } from './login.js';
import { cleanEnvironment, readable } from './run.mjs';

/** What a process did from its start to its end. */
export interface Served {
  readonly instance: Partial<AgentInstance>;
  /** What a call was answered. */
  readonly answer: unknown;
  /** The requests that the agent has seen. */
  readonly requests: readonly string[];
  readonly exit: number | NodeJS.Signals;
  readonly output: string;
}

const REQUESTS = ['/watch', '/register', '/drain', '/deregister'];

/** What the gRPC service does if all is well. */
export const SERVED_AUTH = {
  instance: {
    name: 'auth',
    methods: ['Login', 'Logout', 'WatchSession'].map((method) => `/acme.auth.v1.AuthService/${method}`),
  },
  answer: { user: 'ann' },
  requests: REQUESTS,
  exit: 0,
};

/** What the HTTP service does if all is well. */
export const SERVED_BOOKS = {
  instance: { name: 'books', httpRoutes: [{ httpMethod: 'GET', path: '/books/{isbn}' }] },
  answer: { isbn: '42' },
  requests: REQUESTS,
  exit: 0,
};

/**
 * Starts a service, calls it when the agent says that it serves, and sends it SIGTERM.
 *
 * @param command a Node.js binary, its flags and the file that it runs
 */
export async function serve(
  service: 'auth' | 'books',
  command: readonly [string, ...string[]],
): Promise<Served> {
  const agent = new EmbeddedAgent({ dialect: 'node' });
  await agent.start();
  const address = `127.0.0.1:${await freePort()}`;
  const environment = { GRPC_URL: address, SIDECAR_AGENT_BASE_URL: agent.url };
  const [node, ...args] = command;
  const child = spawn(node, [...args, service], { env: { ...cleanEnvironment(), ...environment } });
  let output = '';
  for (const stream of [child.stdout, child.stderr]) {
    stream.setEncoding('utf8').on('data', (text: string) => (output += text));
  }
  const ended = once(child, 'exit').then(([code, signal]) => (code ?? signal) as Served['exit']);
  try {
    const serving = agent.waitFor(() => agent.services().find(({ state }) => state === 'Serving'), {
      timeout: 30_000,
    });
    const instance = await Promise.race([serving, ended.then((exit) => fail(`ended with ${exit}`))]);
    const answer = await (service === 'auth' ? login(address, 'ann') : findBook(instance.port));
    child.kill('SIGTERM');
    const exit = await ended;
    return { instance, answer, requests: agent.requests().map(({ path }) => path), exit, output };
  } catch (failed) {
    throw new Error(`${command.join(' ')}: ${String(failed)}\n${readable(output)}`, { cause: failed });
  } finally {
    child.kill('SIGKILL');
    await ended;
    await agent.stop();
  }
}

function fail(message: string): never {
  throw new Error(message);
}

async function findBook(port: number): Promise<unknown> {
  const answer = await fetch(`http://127.0.0.1:${port}/books/42`);
  return answer.json();
}
