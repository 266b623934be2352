import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { type AgentInstance, EmbeddedAgent } from '../../../lib/testing/index.js';
import { ROOT } from '../../docs/support/pages.js';
import { freePort } from '../../support/free-port.js';
import { callService, type Method } from './call-service.js';
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

const LOGIN: Method = {
  proto: `${ROOT}/sample/01-grpc-service/proto/auth.proto`,
  service: 'acme.auth.v1.AuthService',
  name: 'Login',
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
  const address = `127.0.0.1:${await freePort()}`;
  return serveWith([...command, service], { GRPC_URL: address }, ({ port }) =>
    service === 'auth' ? callService(address, LOGIN, { user: 'ann' }) : findBook(port),
  );
}

/**
 * Starts a service, asks it when the agent says that it serves, and sends it SIGTERM.
 *
 * @param environment variables for the service, beside the address of the agent
 * @param ask what to do while the service serves
 */
export async function serveWith(
  command: readonly [string, ...string[]],
  environment: Readonly<Record<string, string>>,
  ask: (instance: AgentInstance) => Promise<unknown>,
): Promise<Served> {
  const agent = new EmbeddedAgent({ dialect: 'node' });
  await agent.start();
  const [node, ...args] = command;
  const env = { ...cleanEnvironment(), SIDECAR_AGENT_BASE_URL: agent.url, ...environment };
  const child = spawn(node, args, { env });
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
    const answer = await ask(instance);
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
