// A greeter that other packages are added to. It is closed when its input ends. The entry files
// pass the packages in, since one imports them and another requires them.
const { join } = require('node:path');

const settings = JSON.parse(process.env.SETTINGS ?? '{}');

/**
 * @param nest the packages
 * @param companion what the other package adds: `imports`, `nestOptions`, `sidecar` options,
 *   `prepare` for the application, `onGreet` for the answer to each call
 */
exports.runGreeter = async ({ common, core, microservices, sidecar }, companion = {}) => {
  const grpc = {
    package: 'acme.greeter.v1',
    protoPath: join(__dirname, '../../support/greeter.proto'),
    url: `127.0.0.1:${settings.port}`,
  };

  class GreeterController {
    constructor() {
      this.released = new Promise((resolve) => (this.release = resolve));
    }

    async greet({ name }) {
      if (name === 'hold') await this.released;
      if (name === 'release') this.release();
      if (name === 'count') return { text: `${app.get(sidecar.SidecarAgent).status().inFlight} in flight` };
      return { text: (await companion.onGreet?.(name, app)) ?? `hello ${name}` };
    }
  }
  const descriptor = Object.getOwnPropertyDescriptor(GreeterController.prototype, 'greet');
  microservices.GrpcMethod('Greeter', 'Greet')(GreeterController.prototype, 'greet', descriptor);
  common.Controller()(GreeterController);

  class HttpController {
    greet(name) {
      return companion.onGreet?.(name, app) ?? `hello ${name}`;
    }
  }
  const route = Object.getOwnPropertyDescriptor(HttpController.prototype, 'greet');
  common.Get('greet/:name')(HttpController.prototype, 'greet', route);
  common.Param('name')(HttpController.prototype, 'greet', 0);
  common.Controller()(HttpController);

  class AppModule {}
  const module = sidecar.SidecarAgentModule.forRoot({
    app: { id: '10001', name: 'greeter-center', env: 'test', version: 'v1.3.4' },
    service: { name: 'greeter' },
    grpc,
    baseUrl: settings.agent,
    drainDelay: 0,
    reconnectInterval: 20,
    maxReconnectInterval: 80,
    ...companion.sidecar,
  });
  common.Module({
    imports: [module, ...(companion.imports ?? [])],
    controllers: [GreeterController, HttpController],
  })(AppModule);

  const app = await core.NestFactory.create(AppModule, companion.nestOptions);
  app.connectMicroservice(
    { transport: microservices.Transport.GRPC, options: grpc },
    { inheritAppConfig: true },
  );
  companion.prepare?.(app);
  if (settings.signals) app.enableShutdownHooks([], { useProcessExit: true });
  await app.startAllMicroservices();
  await app.listen(0, '127.0.0.1');
  process.stdin.resume().once('end', async () => {
    await app.close();
    process.stdout.write('CLOSED\n');
  });
  process.stdout.write(`LISTENING ${new URL(await app.getUrl()).port}\n`);
};
