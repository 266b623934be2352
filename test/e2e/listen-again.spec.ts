import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { SidecarAgent } from '../../lib/index.js';
import { EmbeddedAgent } from '../../lib/testing/index.js';
import {
  createGreeterApp,
  type GreeterApp,
  type GreeterOptions,
  type AppShape,
} from '../support/greeter-app.js';

/** The shape of the application, and the options of its service. */
const SERVICES: readonly [what: string, shape: AppShape, options: GreeterOptions][] = [
  ['the gRPC server of a microservice', 'microservice', {}],
  ['the gRPC server of a hybrid application', 'hybrid, http first', {}],
  ['the HTTP server', 'hybrid, http first', { protocol: 'http' }],
];

describe('listening again after close()', () => {
  let agent: EmbeddedAgent;
  let greeter: GreeterApp;

  beforeEach(async () => {
    agent = new EmbeddedAgent();
    await agent.start();
  });

  afterEach(async () => {
    await greeter.app.close();
    await agent.stop();
  });

  it.each(SERVICES)('%s: says that the service is not registered', async (_what, shape, options) => {
    greeter = await createGreeterApp(shape, { baseUrl: agent.url, ...options });
    await greeter.listen();
    await greeter.app.get(SidecarAgent).registered();
    await greeter.app.close();
    const first = greeter.logs.sidecar.length;
    const registers = () => agent.requests().filter(({ path }) => path === '/register').length;
    const before = registers();
    await greeter.listen();
    expect(greeter.logs.sidecar.slice(first)).toEqual([
      expect.stringMatching(/^warn Not registered: the server listens again after app\.close\(\)/),
    ]);
    expect(greeter.app.get(SidecarAgent).status().phase).toBe('stopped');
    expect(registers()).toBe(before);
  });
});
