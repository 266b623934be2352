import { ConsulProcess } from './consul.process.js';
import { askConsul, consulUrl, list, passing } from './discovery.js';
import { NoConsulError } from './no-consul.error.js';
import { placeOrder } from './orders.client.js';
import { ServiceProcess } from './service.process.js';
import { until } from './until.js';

process.exitCode = await main();

/** Returns the exit code: 2 if there is no Consul. */
async function main(): Promise<number> {
  let consul: ConsulProcess | undefined;
  try {
    if (!process.env.CONSUL_HTTP_ADDR) {
      consul = await ConsulProcess.start();
      // The services and this process find Consul where every Consul tool does.
      process.env.CONSUL_HTTP_ADDR = consul.address;
    }
    await demonstrate();
    return 0;
  } catch (error) {
    if (!(error instanceof NoConsulError)) throw error;
    say(error.message);
    return 2;
  } finally {
    consul?.stop();
  }
}

async function demonstrate(): Promise<void> {
  const hasLeader = () => askConsul<string>('GET', 'status/leader').catch(() => '');
  if (!(await until(hasLeader, 10_000))) throw new NoConsulError(`no agent with a leader at ${consulUrl()}`);
  say(`Consul is at ${consulUrl()}`);
  const services = [new ServiceProcess('stock'), new ServiceProcess('orders')];
  try {
    await Promise.race([use(services), ...services.map((service) => service.untilItEnds())]);
    await leave(services);
  } finally {
    for (const service of services) service.kill('SIGKILL');
  }
}

async function use(services: readonly ServiceProcess[]): Promise<void> {
  for (const { name } of services) {
    const { Address, Port } = await passing(name);
    say(`Consul lists ${name} at ${Address}:${Port} as passing`);
  }
  const { item, count, left } = await placeOrder('book', 3);
  say(`Ordered ${count} × ${item}: ${left} left`);
  say(`Deregistered stock behind its back: passing again after ${await lose('stock')} ms`);
}

/** Deregisters a service as somebody else would. Returns how long it was away, in milliseconds. */
async function lose(service: string): Promise<number> {
  const { ID, CreateIndex } = await passing(service);
  const begin = performance.now();
  await askConsul('PUT', `agent/service/deregister/${ID}`);
  await until(async () => (await list(service)).some((instance) => instance.CreateIndex > CreateIndex));
  return Math.round(performance.now() - begin);
}

async function leave(services: readonly ServiceProcess[]): Promise<void> {
  for (const service of services) service.kill('SIGTERM');
  const ends = await Promise.all(services.map(({ ended }) => ended));
  const left = await Promise.all(services.map(({ name }) => list(name)));
  say(`Both got SIGTERM and exited with ${ends.join(' and ')}: Consul lists ${left.flat().length} of them`);
}

function say(line: string): void {
  process.stdout.write(`${line}\n`);
}
