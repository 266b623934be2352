import { ClientProxyFactory } from '@nestjs/microservices';
import { EmbeddedAgent } from 'nestjs-sidecar-agent/testing';
import { firstValueFrom, type Observable } from 'rxjs';
import { orders } from './grpc.options.js';
import { meshClient } from './mesh.clients.js';
import { MeshProxy } from './mesh.proxy.js';
import { ServiceProcess } from './service.process.js';

interface OrderService {
  place(order: { item: string; count: number }): Observable<{ id: number; shipment: string }>;
}

const agent = new EmbeddedAgent();
const proxy = new MeshProxy((authority) => {
  const port = agent
    .services()
    .find(({ dns, state }) => state === 'Serving' && authority === `${dns}:9090`)?.port;
  say(`A call to ${authority} goes to port ${port}`);
  return port;
});
await agent.start();
// The services inherit both.
process.env.SIDECAR_AGENT_BASE_URL = agent.url;
process.env.MESH_PROXY = await proxy.start();
const services = [new ServiceProcess('orders'), new ServiceProcess('shipping')];
try {
  await Promise.race([demonstrate(), ...services.map((service) => service.untilItEnds())]);
  for (const service of services) service.kill('SIGTERM');
  const ends = await Promise.all(services.map(({ ended }) => ended));
  say(`Both got SIGTERM and exited with ${ends.join(' and ')}`);
} finally {
  for (const service of services) service.kill('SIGKILL');
  proxy.stop();
  await agent.stop();
}

async function demonstrate(): Promise<void> {
  const serving = () =>
    agent.services().filter(({ state }) => state === 'Serving').length === services.length;
  await agent.waitFor(serving, { timeout: 60_000, description: 'both services to serve' });
  const client = ClientProxyFactory.create(meshClient('orders', orders));
  const service = client.getService<OrderService>('OrderService');
  const { id, shipment } = await firstValueFrom(service.place({ item: 'book', count: 3 }));
  client.close();
  say(`Order ${id} is on its way: ${shipment}`);
}

function say(line: string): void {
  process.stdout.write(`${line}\n`);
}
