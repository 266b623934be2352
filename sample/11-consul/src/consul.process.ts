import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { createServer } from 'node:net';
import { NoConsulError } from './no-consul.error.js';

/** A Consul agent in development mode: one server, which keeps everything in memory. */
export class ConsulProcess {
  /** Its address, as `CONSUL_HTTP_ADDR` has it. */
  readonly address: string;
  readonly #child: ChildProcess;

  private constructor(child: ChildProcess, port: number) {
    this.#child = child;
    this.address = `127.0.0.1:${port}`;
  }

  /** @throws {NoConsulError} if the binary cannot be started */
  static async start(): Promise<ConsulProcess> {
    const [http, server, serf] = [await freePort(), await freePort(), await freePort()];
    const own = { http, server, serf_lan: serf, serf_wan: -1, dns: -1, grpc: -1 };
    const ports = Object.entries(own).map(([name, port]) => `${name} = ${port}`);
    const args = ['agent', '-dev', '-bind', '127.0.0.1', '-hcl', `ports { ${ports.join('\n')} }`];
    const binary = process.env.CONSUL_BIN ?? 'consul';
    const child = spawn(binary, args, { stdio: 'ignore' });
    try {
      // It rejects if the binary cannot be started.
      await once(child, 'spawn');
    } catch (error) {
      const reason = error instanceof Error ? error.message : String(error);
      throw new NoConsulError(`${binary} cannot be started (${reason})`);
    }
    return new ConsulProcess(child, http);
  }

  stop(): void {
    this.#child.kill('SIGKILL');
  }
}

async function freePort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const address = server.address();
  server.close();
  await once(server, 'close');
  return typeof address === 'object' && address ? address.port : 0;
}
