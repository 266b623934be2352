import { Server, ServerCredentials, type ServiceDefinition } from '@grpc/grpc-js';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { Subject } from 'rxjs';
import { ServerHealth } from '../../../lib/grpc-health/server-health.js';
import { addHealthSource, type ServiceHealth } from '../../../lib/service/grpc/health-sources.js';
import { HealthClient } from '../../support/health-client.js';

const ONE = 'acme.v1.One';
const OTHER = 'acme.v1.Other';

/** A module whose start the test decides. */
class FakeModule implements ServiceHealth {
  readonly changes$ = new Subject<void>();
  #services: readonly string[] = [];

  constructor(server: Server) {
    addHealthSource(server, this, () => true);
  }

  readonly isServing = () => this.#services.length > 0;
  readonly isLeaving = () => false;
  readonly services = () => this.#services;

  start(...services: string[]): void {
    this.#services = services;
    this.changes$.next();
  }
}

describe('the health of a server that two modules share', () => {
  let server: Server;
  let client: HealthClient;

  beforeEach(() => {
    server = new Server();
  });

  afterEach(() => {
    client.close();
    server.forceShutdown();
  });

  it('does not tell that a service serves before the module that may register it has started', async () => {
    const [one, other] = [new FakeModule(server), new FakeModule(server)];
    new ServerHealth(server);
    for (const name of [ONE, OTHER, 'acme.v1.Unregistered']) {
      server.addService(definitionOf(name), { greet: () => {} });
    }
    client = new HealthClient(await bind(server));
    one.start(ONE);
    expect(await client.list()).toEqual({
      '': 'SERVING',
      [ONE]: 'SERVING',
      [OTHER]: 'NOT_SERVING',
      'acme.v1.Unregistered': 'NOT_SERVING',
    });
    other.start(OTHER);
    expect(new Set(Object.values(await client.list()))).toEqual(new Set(['SERVING']));
  });
});

function definitionOf(name: string): ServiceDefinition {
  return {
    greet: {
      path: `/${name}/Greet`,
      requestStream: false,
      responseStream: false,
      requestSerialize: (value: Buffer) => value,
      requestDeserialize: (bytes: Buffer) => bytes,
      responseSerialize: (value: Buffer) => value,
      responseDeserialize: (bytes: Buffer) => bytes,
    },
  };
}

function bind(server: Server): Promise<number> {
  return new Promise((resolve, reject) => {
    server.bindAsync('127.0.0.1:0', ServerCredentials.createInsecure(), (error, port) =>
      error ? reject(error) : resolve(port),
    );
  });
}
