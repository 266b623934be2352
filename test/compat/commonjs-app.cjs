// A CommonJS Nest application, as most Nest 11 applications are: require() of the package, a
// registration, and a clean leave.
require('reflect-metadata');
const { join } = require('node:path');
const { Controller, Module } = require('@nestjs/common');
const { NestFactory } = require('@nestjs/core');
const { GrpcMethod, Transport } = require('@nestjs/microservices');
const { SidecarAgent, SidecarAgentModule } = require('nestjs-sidecar-agent');
const { EmbeddedAgent } = require('nestjs-sidecar-agent/testing');
const { SidecarAgentHealthIndicator } = require('nestjs-sidecar-agent/terminus');
const { withGrpcHealth } = require('nestjs-sidecar-agent/grpc-health');
require('nestjs-sidecar-agent/config');
const { TerminusModule } = require('@nestjs/terminus');

class GreeterController {
  greet({ name }) {
    return { text: `hello ${name}` };
  }
}
const descriptor = Object.getOwnPropertyDescriptor(GreeterController.prototype, 'greet');
GrpcMethod('Greeter', 'Greet')(GreeterController.prototype, 'greet', descriptor);
Controller()(GreeterController);

async function main() {
  const agent = new EmbeddedAgent();
  await agent.start();
  const grpc = withGrpcHealth({
    package: 'acme.greeter.v1',
    protoPath: join(__dirname, '../support/greeter.proto'),
    url: `127.0.0.1:${process.argv[2]}`,
  });
  class AppModule {}
  const sidecar = SidecarAgentModule.forRoot({
    app: { id: '10001', name: 'greeter-center', env: 'test', version: 'v1.3.4' },
    service: { name: 'greeter' },
    grpc,
    baseUrl: agent.url,
    drainDelay: 0,
  });
  Module({
    imports: [TerminusModule, sidecar],
    controllers: [GreeterController],
    providers: [SidecarAgentHealthIndicator],
  })(AppModule);

  const app = await NestFactory.createMicroservice(AppModule, { transport: Transport.GRPC, options: grpc });
  await app.listen();
  await app.get(SidecarAgent).registered();
  const health = app.get(SidecarAgentHealthIndicator).isHealthy('sidecar');
  await app.close();
  await agent.stop();
  const said = agent.requests().map(({ path, status }) => `${path} ${status}`);
  console.log(JSON.stringify({ said, health, methods: app.get(SidecarAgent).node.methods }));
}

main().catch((error) => {
  console.error(error);
  process.exitCode = 1;
});
