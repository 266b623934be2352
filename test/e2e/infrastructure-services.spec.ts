import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { Controller, type INestMicroservice, Module } from '@nestjs/common';
import { NestFactory } from '@nestjs/core';
import { GrpcMethod, GrpcStreamMethod, type MicroserviceOptions, Transport } from '@nestjs/microservices';
import { map, type Observable } from 'rxjs';
import { buildGrpcMethods, SidecarAgent, SidecarAgentModule } from '../../lib/index.js';
import { EmbeddedAgent } from '../../lib/testing/index.js';
import { freePort } from '../support/free-port.js';
import { type GreeterOptions, greeterOptions, LogBook } from '../support/greeter-app.js';
import { GREETER_METHODS, greeterGrpcOptions, GreeterModule } from '../support/greeter.js';

const SERVICES = [
  ['grpc.health.v1', 'Health', 'rpc Check(M) returns (M);'],
  ['grpc.reflection.v1', 'ServerReflection', 'rpc ServerReflectionInfo(stream M) returns (stream M);'],
  ['grpc.reflection.v1alpha', 'ServerReflection', 'rpc ServerReflectionInfo(stream M) returns (stream M);'],
  ['grpc.channelz.v1', 'Channelz', 'rpc GetServers(M) returns (M);'],
  // Its name is near those of gRPC.
  ['acme.grpc.health.v1', 'Health', 'rpc Check(M) returns (M);'],
] as const;
const PACKAGES = SERVICES.map(([name]) => name);
const INFRASTRUCTURE = [
  '/grpc.channelz.v1.Channelz/GetServers',
  '/grpc.health.v1.Health/Check',
  '/grpc.reflection.v1.ServerReflection/ServerReflectionInfo',
  '/grpc.reflection.v1alpha.ServerReflection/ServerReflectionInfo',
];
const OWN = ['/acme.grpc.health.v1.Health/Check', ...GREETER_METHODS].sort();

@Controller()
class InfrastructureController {
  @GrpcMethod('Health', 'Check')
  check(): object {
    return {};
  }

  @GrpcMethod('Channelz', 'GetServers')
  getServers(): object {
    return {};
  }

  @GrpcStreamMethod('ServerReflection', 'ServerReflectionInfo')
  info(requests: Observable<object>): Observable<object> {
    return requests.pipe(map(() => ({})));
  }
}

describe("gRPC's own services", () => {
  let agent: EmbeddedAgent;
  let folder: string;
  const opened: INestMicroservice[] = [];

  beforeEach(async () => {
    agent = new EmbeddedAgent();
    await agent.start();
    folder = mkdtempSync(join(tmpdir(), 'infrastructure-'));
  });

  afterEach(async () => {
    for (const app of opened.splice(0)) await app.close();
    await agent.stop();
    rmSync(folder, { recursive: true });
  });

  function protoOf([name, service, rpc]: (typeof SERVICES)[number]): string {
    const file = join(folder, `${name}.proto`);
    writeFileSync(file, `syntax = "proto3"; package ${name}; message M {} service ${service} { ${rpc} }`);
    return file;
  }

  async function start(more: GreeterOptions = {}, packages: string[] = ['acme.greeter.v1', ...PACKAGES]) {
    const port = await freePort();
    const { protoPath } = greeterGrpcOptions(port);
    const protos = [String(protoPath), ...SERVICES.map(protoOf)];
    const grpc = greeterGrpcOptions(port, { package: packages, protoPath: protos });
    const sidecar = SidecarAgentModule.forRoot(greeterOptions(port, { baseUrl: agent.url, grpc, ...more }));
    class AppModule {}
    Module({ imports: [GreeterModule, sidecar], controllers: [InfrastructureController] })(AppModule);
    const app = await NestFactory.createMicroservice<MicroserviceOptions>(AppModule, {
      transport: Transport.GRPC,
      options: grpc,
      logger: new LogBook(),
      abortOnError: false,
    });
    opened.push(app);
    await app.listen();
    await app.get(SidecarAgent).registered();
    return { app, grpc };
  }

  const registered = () => agent.requests().find(({ path }) => path === '/register')?.body;

  function writeManifest(methods: readonly string[]): string {
    const names = [...new Set(methods.map((method) => method.split('/')[1]))];
    const services = names.map((name) => ({
      name,
      methods: methods.filter((method) => method.startsWith(`/${name}/`)),
    }));
    const file = join(folder, 'manifest.json');
    writeFileSync(file, JSON.stringify({ schema: 'firefly.gateway.manifest.v1', services, routes: [] }));
    return file;
  }

  it('are served and not registered, and proto_count does not count them', async () => {
    const { app, grpc } = await start();
    expect(registered()).toMatchObject({ methods: OWN, proto_count: 2 });
    expect(await buildGrpcMethods(app, grpc)).toEqual([...OWN, ...INFRASTRUCTURE].sort());
  });

  it('are registered with announceInfrastructure: true', async () => {
    await start({ announceInfrastructure: true });
    expect(registered()).toMatchObject({ methods: [...OWN, ...INFRASTRUCTURE].sort(), proto_count: 6 });
  });

  it.each([undefined, false, true])(
    'are registered as given if the option methods has them (announceInfrastructure: %s)',
    async (announceInfrastructure) => {
      const methods = ['/grpc.health.v1.Health/Check', '/acme.greeter.v1.Greeter/Greet'];
      await start({ methods, announceInfrastructure });
      expect(registered()).toMatchObject({ methods: [...methods].sort(), proto_count: 2 });
    },
  );

  it('may be missing in a gateway manifest, and are registered if it has them', async () => {
    await start({ gatewayManifestPath: writeManifest(OWN) });
    expect(registered()).toMatchObject({ methods: OWN, proto_count: 2 });
    await start({
      gatewayManifestPath: writeManifest([...OWN, '/grpc.health.v1.Health/Check']),
      service: { name: 'second' },
    });
    const bodies = agent.requests().filter(({ path }) => path === '/register');
    expect(bodies.at(-1)?.body).toMatchObject({ proto_count: 3 });
  });

  it('alone are a service if a gateway manifest has them', async () => {
    const methods = ['/grpc.health.v1.Health/Check'];
    await start({ gatewayManifestPath: writeManifest(methods) }, ['grpc.health.v1']);
    expect(registered()).toMatchObject({ methods, proto_count: 1 });
  });

  it('must be in a gateway manifest with announceInfrastructure: true', async () => {
    const options = { gatewayManifestPath: writeManifest(OWN), announceInfrastructure: true };
    await expect(start(options)).rejects.toThrow('/grpc.health.v1.Health/Check is served, but not declared');
  });

  it('alone make no service: the start fails and names the option', async () => {
    await expect(start({}, ['grpc.health.v1'])).rejects.toThrow(
      /grpc\.package \(grpc\.health\.v1\) have only services of gRPC itself.*announceInfrastructure: true/,
    );
    await start({ announceInfrastructure: true }, ['grpc.health.v1']);
    expect(registered()).toMatchObject({ methods: ['/grpc.health.v1.Health/Check'], proto_count: 1 });
  });
});
