import { GrpcMethodStreamingType, ServerGrpc, ServerTCP } from '@nestjs/microservices';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { InFlightCalls } from '../../../lib/in-flight/in-flight-calls.js';
import { GrpcServerBinding } from '../../../lib/lifecycle/grpc-server-binding.js';
import { messageOf } from '../../../lib/support/text/describe-thrown.js';
import { freePort } from '../../support/free-port.js';
import { farewellGrpcOptions } from '../../support/farewell.js';
import { GreeterClient, greeterGrpcOptions } from '../../support/greeter.js';
import { ManualClock } from '../fixtures/manual-clock.js';

describe('GrpcServerBinding', () => {
  let events: string[];
  let calls: InFlightCalls;
  let port: number;
  let release: () => void;
  const servers: ServerGrpc[] = [];

  beforeEach(async () => {
    events = [];
    port = await freePort();
    calls = new InFlightCalls(new ManualClock());
  });

  afterEach(async () => {
    for (const server of servers.splice(0)) await server.close();
  });

  function bindTo(
    grpc: ReturnType<typeof greeterGrpcOptions>,
    bound = () => Promise.resolve(),
  ): GrpcServerBinding {
    const binding = new GrpcServerBinding(calls, grpc, true);
    const note = (event: string) => Promise.resolve(void events.push(event));
    binding.notify({
      bound: () => note('bound').then(bound),
      refused: (failure) => void events.push(`refused: ${String(failure)}`),
      closing: () => note(`closing while ${binding.isBound ? 'bound' : 'not bound'}`),
      closeBounds: () => undefined,
      log: () => {},
    });
    return binding;
  }

  function create(grpc: ReturnType<typeof greeterGrpcOptions>): ServerGrpc {
    const server = new ServerGrpc(grpc);
    const held = new Promise<void>((resolve) => (release = resolve));
    const greet = ({ name }: { name: string }) =>
      name === 'hold' ? held.then(() => ({ text: 'held' })) : Promise.resolve({ text: `hello ${name}` });
    const pattern = server.createPattern('Greeter', 'Greet', GrpcMethodStreamingType.NO_STREAMING);
    server.addHandler(pattern, greet as never);
    servers.push(server);
    return server;
  }

  const listen = (server: ServerGrpc) =>
    new Promise<string>((resolve) => {
      void server.listen((error?: unknown) => resolve(error ? `failed: ${messageOf(error)}` : 'listens'));
    });

  it('knows a server that listens again after its close', async () => {
    const grpc = greeterGrpcOptions(port);
    const binding = bindTo(grpc);
    const server = create(grpc);
    binding.attach(server);
    expect(binding.isBound).toBe(false);
    expect(await listen(server)).toBe('listens');
    expect(binding.isBound).toBe(true);
    await server.close();
    expect(binding.isBound).toBe(false);
    expect(await listen(server)).toBe('listens');
    expect(binding.isBound).toBe(true);
    expect(events).toEqual(['bound', 'closing while bound', 'bound']);
  });

  it('is not bound before it has a server, and each of several is bound', async () => {
    const grpc = greeterGrpcOptions(port);
    const binding = bindTo(grpc);
    expect([binding.isBound, binding.servers]).toEqual([false, []]);
    const [first, second] = [create(grpc), create(grpc)];
    for (const server of [first, first, second]) binding.attach(server);
    expect(binding.servers).toEqual([first, second]);
    expect(await listen(first)).toBe('listens');
    expect([binding.isBound, events]).toEqual([false, ['bound']]);
  });

  it('fails the listen if the registration fails', async () => {
    const grpc = greeterGrpcOptions(port);
    const binding = bindTo(grpc, () => Promise.reject(new Error('no service of the options')));
    const server = create(grpc);
    binding.attach(server);
    expect(await listen(server)).toBe('failed: no service of the options');
  });

  it('has no server of its own, and no other, if the module registers no gRPC service', async () => {
    const binding = new GrpcServerBinding(calls, undefined, false);
    const server = create(greeterGrpcOptions(port));
    binding.attach(server);
    expect(await listen(server)).toBe('listens');
    expect([binding.servers, binding.others, binding.isBound]).toEqual([[], [], false]);
    const client = new GreeterClient(port);
    await client.greet('you');
    client.close();
    expect(calls.arrivals.lastMinute().calls).toBe(0);
  });

  it('ignores servers of other transports', () => {
    const binding = bindTo(greeterGrpcOptions(port));
    for (const other of [undefined, {}, new ServerTCP({})]) binding.attach(other);
    expect([binding.servers, binding.others]).toEqual([[], []]);
  });

  it('counts each call of a server that listens again once', async () => {
    const grpc = greeterGrpcOptions(port);
    const server = create(grpc);
    bindTo(grpc).attach(server);
    await listen(server);
    await server.close();
    await listen(server);
    const client = new GreeterClient(port);
    const held = client.greet('hold');
    await client.greet('you');
    expect([calls.count, calls.methods]).toEqual([1, ['/acme.greeter.v1.Greeter/Greet']]);
    expect(calls.arrivals.lastMinute().calls).toBe(2);
    release();
    await held;
    client.close();
  });

  it('tells of the taken port of its own server alone', async () => {
    const [grpc, other] = [greeterGrpcOptions(port), farewellGrpcOptions(port)];
    const binding = bindTo(grpc);
    const [own, alien] = [create(grpc), create(other)];
    binding.attach(own);
    binding.attach(alien);
    expect(binding.servers).toEqual([own]);
    expect(await listen(own)).toBe('listens');
    expect(await listen(alien)).toMatch(/^failed: .*(EADDRINUSE|No address added)/);
    expect([events, binding.isBound]).toEqual([['bound'], true]);
    const second = create(grpc);
    bindTo(grpc).attach(second);
    expect(await listen(second)).toMatch(/^failed: /);
    expect(events).toEqual(['bound', expect.stringMatching(/^refused: .*(EADDRINUSE|No address added)/)]);
  });
});
