import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { createServer } from 'node:net';
import { NoConsulError } from './no-consul.error.js';

/** A Consul agent in development mode: one server, which keeps everything in memory. */
export class ConsulProcess {
  /** Its address, as `CONSUL_HTTP_ADDR` has it. */
  readonly address: string;
  readonly #child: ChildProcess;
  readonly #failed: Promise<never>;

  private constructor(binary: string, [http = 0, server = 0, serf = 0]: readonly number[]) {
    this.address = `127.0.0.1:${http}`;
    const own = { http, server, serf_lan: serf, serf_wan: -1, dns: -1, grpc: -1 };
    const ports = Object.entries(own).map(([name, port]) => `${name} = ${port}`);
    const args = ['agent', '-dev', '-bind', '127.0.0.1', '-hcl', `ports { ${ports.join('\n')} }`];
    this.#child = spawn(binary, args, { stdio: 'ignore' });
    this.#failed = failureOf(this.#child, binary);
    this.#failed.catch(() => undefined);
  }

  static async start(): Promise<ConsulProcess> {
    const ports = [await freePort(), await freePort(), await freePort()];
    return new ConsulProcess(process.env.CONSUL_BIN ?? 'consul', ports);
  }

  /** Rejects with a {@link NoConsulError} if Consul cannot be started, or ends. */
  untilItEnds(): Promise<never> {
    return this.#failed;
  }

  stop(): void {
    this.#child.kill('SIGKILL');
  }
}

async function failureOf(child: ChildProcess, binary: string): Promise<never> {
  // `once` rejects if the binary cannot be started.
  const why = await once(child, 'exit').then(
    ([code]) => `ended with ${code}`,
    (error: Error) => error.message,
  );
  throw new NoConsulError(`${binary} does not run (${why})`);
}

async function freePort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const address = server.address();
  server.close();
  await once(server, 'close');
  return typeof address === 'object' && address ? address.port : 0;
}
