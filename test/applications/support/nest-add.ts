import { freePort } from '../../support/free-port.js';
import type { Application } from './applications.js';
import { callService } from './call-service.js';
import { run } from './run.mjs';
import { type Served, serveWith } from './served.js';

/** Runs `nest add nestjs-sidecar-agent` in an application, whose packages are installed. */
export function nestAdd(application: Application, ...flags: readonly string[]): Promise<string> {
  return run(application.folder, 'npx', 'nest', 'add', 'nestjs-sidecar-agent', '--skip-install', ...flags);
}

/**
 * Starts what `nest add` has made of an application, asks its probe and its example of a gRPC
 * service, and sends it SIGTERM.
 *
 * @param sourceRoot the folder of the sources, with the proto of the example
 * @param command a Node.js binary and the main file
 */
export async function serveGreeter(
  application: Application,
  sourceRoot: string,
  command: readonly [string, ...string[]],
): Promise<Served> {
  const [grpc, http] = [String(await freePort()), String(await freePort())];
  // The generator of a second project reads the port from the variable `port`.
  const environment = { GRPC_PORT: grpc, PORT: http, port: http, NODE_ENV: 'development' };
  const proto = application.path(sourceRoot, 'proto/greeter.proto');
  const greet = { proto, service: 'greeter.v1.GreeterService', name: 'Greet' };
  return serveWith(command, environment, async () => ({
    hello: await (await fetch(`http://127.0.0.1:${http}/`)).text(),
    ready: (await fetch(`http://127.0.0.1:${http}/health/ready`)).status,
    greeting: await callService(`127.0.0.1:${grpc}`, greet, { name: 'ann' }),
  }));
}

/** What a service of this name does if all is well. In development it leaves without a drain. */
export function servedGreeter(name: string, ready = 200) {
  return {
    instance: { name, methods: ['/greeter.v1.GreeterService/Greet'] },
    answer: { hello: 'Hello World!', ready, greeting: { text: 'Hello, ann' } },
    requests: ['/watch', '/register', '/deregister'],
    exit: 0,
  };
}
