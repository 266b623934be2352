import { setTimeout as sleep } from 'node:timers/promises';
import { SidecarClient } from 'nestjs-sidecar-agent';
import { consulProviders } from 'nestjs-sidecar-agent/consul';
import { Pool } from 'undici';
import { Latencies } from '../latency.js';
import type { Benchmark, Figure, Scale } from '../measurement.js';
import { alternate, type Outcome } from '../rounds.js';
import { ConsulAgent } from '../support/consul-agent.js';
import { freePort } from '../support/free-port.js';
import { OtherEnd } from '../support/other-end.js';
import { nodeOf } from '../support/service-node.js';
import { sidecarApp } from '../support/sidecar-app.js';

/** With this TTL the module sends a heartbeat each second. */
const SHORT_TTL = '3s';

/** As much as the module registers. */
const BY_HAND = JSON.stringify({
  ID: 'by-hand-10500',
  Name: 'by-hand',
  Address: '',
  Port: 10_500,
  Weights: { Passing: 100, Warning: 1 },
  Meta: {
    app_id: '10001',
    app_name: 'bench-center',
    instance_id: '0199a8c5-1111-7222-8333-444455556666',
    env: 'bench',
    version: 'v1.0.0',
    namespace: 'default',
    weight: '100',
    dns: 'by-hand.default.svc.cluster.local',
    protocol: 'grpc',
    kernel_language: 'nodejs',
    kernel_version: 'v20.20.2',
    run_date: '2026-11-26 17:00:00',
  },
  Checks: [
    {
      CheckID: 'service:by-hand-10500:ttl',
      Name: 'TTL',
      TTL: '10000ms',
      Status: 'passing',
      DeregisterCriticalServiceAfter: '60000ms',
    },
  ],
});

/** A service at a real Consul agent. */
export const benchmark: Benchmark = { run: measureConsul };

async function measureConsul({ quick, rounds }: Scale): Promise<Figure[]> {
  const agent = await ConsulAgent.start();
  if (!agent) {
    const advice = 'run `node test/consul/install.mjs` first, or set CONSUL_BIN';
    process.stdout.write(`left out, since there is no Consul: ${advice} … `);
    return [];
  }
  const register = await registers(agent.url, rounds, quick ? 50 : 500);
  const span = quick ? 3_000 : 10_000;
  const idle = await whileIdle(agent, rounds, span);
  const healed = await healing(agent.url, rounds * 5);
  await agent.stop();
  return [
    {
      id: 'consul.register',
      what: 'a register at Consul: the service, and its TTL',
      unit: 'ms',
      against: 'PUT of service/register and of check/pass with undici.request and a pool',
      ...register,
      goals: [{ of: 'ratio', atMost: 1.3 }],
    },
    {
      id: 'consul.heartbeat',
      what: 'CPU of an application without calls, with one heartbeat per second to Consul',
      unit: '% of a core',
      against: 'the same application without the module, at the same time',
      ...idle.service,
      goals: [{ of: 'difference', atMost: 0.5 }],
    },
    {
      id: 'consul.heartbeat.agent',
      what: 'CPU of the Consul agent meanwhile',
      unit: '% of a core',
      against: 'the same agent without a service',
      ...idle.agent,
      goals: [],
    },
    {
      id: 'consul.healed',
      what: 'from a deregister by somebody else until callers see the instance as passing again',
      unit: 'ms',
      against: '',
      baseline: [],
      subject: healed,
      goals: [{ of: 'subject', atMost: 1_000 }],
    },
  ];
}

async function registers(url: string, rounds: number, calls: number): Promise<Outcome> {
  const app = await sidecarApp(url, { dialect: 'auto', providers: consulProviders() });
  const client = app.get(SidecarClient);
  const node = nodeOf([]);
  const pool = new Pool(url, { connections: 4 });
  const put = async (path: string, body?: string) => {
    const headers = { accept: 'application/json', ...(body && { 'content-type': 'application/json' }) };
    const answer = await pool.request({ method: 'PUT', path, headers, body });
    if (answer.statusCode !== 200) throw new Error(`${path} was answered ${answer.statusCode}`);
    await answer.body.text();
  };
  const byHand = async () => {
    await put('/v1/agent/service/register', BY_HAND);
    await put('/v1/agent/check/pass/service%3Aby-hand-10500%3Attl');
  };
  const outcome = await alternate(rounds, {
    baseline: () => median(byHand, calls),
    subject: () => median(() => client.register(node), calls),
  });
  await app.close();
  await pool.destroy();
  await putOnce(url, '/v1/agent/service/deregister/by-hand-10500');
  await putOnce(url, `/v1/agent/service/deregister/${node.service.name}-${node.serverPort}`);
  return outcome;
}

async function median(call: () => Promise<unknown>, calls: number): Promise<number> {
  const latencies = new Latencies();
  for (let count = 0; count < calls; count += 1) {
    const began = performance.now();
    await call();
    latencies.add(performance.now() - began);
  }
  return latencies.percentile(50);
}

/** Per cent of a core: of two applications at the same time, and of Consul without and with one. */
async function whileIdle(agent: ConsulAgent, rounds: number, span: number) {
  const alone: number[] = [];
  for (let round = 0; round < rounds; round += 1)
    alone.push(await shareOf(() => Promise.resolve(agent.cpu()), span));
  const without = await OtherEnd.start('app', { port: await freePort() });
  const consul = { url: agent.url, ttl: SHORT_TTL };
  const registered = await OtherEnd.start('app', { port: await freePort(), consul });
  await registered.ask('settled');
  await sleep(span);
  const service: Outcome = { baseline: [], subject: [] };
  const busy: number[] = [];
  for (let round = 0; round < rounds; round += 1) {
    const [baseline, subject, ofAgent] = await Promise.all([
      shareOf(() => without.ask<number>('cpu'), span),
      shareOf(() => registered.ask<number>('cpu'), span),
      shareOf(() => Promise.resolve(agent.cpu()), span),
    ]);
    service.baseline.push(baseline);
    service.subject.push(subject);
    busy.push(ofAgent);
  }
  await without.stop();
  await registered.stop();
  return { service, agent: { baseline: alone, subject: busy } };
}

async function shareOf(cpu: () => Promise<number>, span: number): Promise<number> {
  const before = await cpu();
  const began = performance.now();
  await sleep(span);
  return (((await cpu()) - before) / (performance.now() - began)) * 100;
}

/** Milliseconds, one for each loss. */
async function healing(url: string, losses: number): Promise<number[]> {
  const app = await OtherEnd.start('app', { port: await freePort(), consul: { url } });
  await app.ask('settled');
  const seen: number[] = [];
  for (let loss = 0; loss < losses; loss += 1) {
    // Two registers on one stream are at least 100 ms apart.
    await sleep(200);
    const [before] = await passing(url);
    if (!before) throw new Error('the service is not registered');
    const began = performance.now();
    await putOnce(url, `/v1/agent/service/deregister/${before.Service.ID}`);
    while ((await passing(url))[0]?.Service.CreateIndex === before.Service.CreateIndex) await sleep(0);
    while ((await passing(url)).length === 0) await sleep(0);
    seen.push(performance.now() - began);
  }
  await app.stop();
  return seen;
}

interface Entry {
  readonly Service: { readonly ID: string; readonly CreateIndex: number };
}

async function passing(url: string): Promise<Entry[]> {
  const answer = await fetch(`${url}/v1/health/service/bench?passing`);
  return (await answer.json()) as Entry[];
}

async function putOnce(url: string, path: string): Promise<void> {
  await fetch(url + path, { method: 'PUT' });
}
