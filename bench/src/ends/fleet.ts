import { setTimeout as sleep } from 'node:timers/promises';
import { SidecarAgent, type ServiceNode } from 'nestjs-sidecar-agent';
import { Client, Pool } from 'undici';
import { bytesOf, nodeOf } from '../support/service-node.js';
import { methodPaths, sidecarApp } from '../support/sidecar-app.js';
import { serve } from './serve.js';

/** Many services in one process. */
export interface FleetSettings {
  readonly agent: string;
  readonly clients: number;
  /** `fixed` reconnects every second, like a loop without backoff. */
  readonly kind: 'module' | 'fixed';
}

const { agent, clients, kind } = JSON.parse(process.argv[2] ?? '{}') as FleetSettings;
const INTERVAL = 1_000;

const names = Array.from({ length: clients }, (_, index) => `bench-${index}`);
await Promise.all(
  names.map((name, index) => (kind === 'module' ? join(name, 20_000 + index) : loop(name, 20_000 + index))),
);
serve({});

async function join(name: string, serverPort: number): Promise<void> {
  const app = await sidecarApp(agent, { service: { name }, serverPort });
  const sidecar = app.get(SidecarAgent);
  await sidecar.start();
  await sidecar.registered();
}

/** Runs forever. Resolves at the first register. */
function loop(name: string, serverPort: number): Promise<void> {
  const node = nodeOf(methodPaths(10));
  const body = bytesOf({ ...node, serverPort, service: { ...node.service, name }, app: appOf(node, name) });
  const posts = new Pool(agent, { connections: 4 });
  return new Promise((resolve) => {
    const run = async (): Promise<void> => {
      for (;;) {
        await watchOnce(posts, body, resolve).catch(() => {});
        await sleep(INTERVAL);
      }
    };
    void run();
  });
}

function appOf({ app }: ServiceNode, instanceId: string): ServiceNode['app'] {
  return { ...app, instanceId };
}

async function watchOnce(posts: Pool, body: Buffer, registered: () => void): Promise<void> {
  const client = new Client(agent);
  try {
    const stream = await client.request({
      method: 'GET',
      path: '/watch',
      headers: { accept: 'text/event-stream' },
    });
    const headers = { 'content-type': 'application/json', accept: 'application/json' };
    for await (const chunk of stream.body) {
      if (!String(chunk).includes('event: connected')) continue;
      const answer = await posts.request({ method: 'POST', path: '/register', headers, body });
      await answer.body.text();
      if (answer.statusCode === 200) registered();
    }
  } finally {
    await client.destroy();
  }
}
