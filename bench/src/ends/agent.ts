import { setTimeout as sleep } from 'node:timers/promises';
import { EmbeddedAgent, type EmbeddedAgentOptions } from 'nestjs-sidecar-agent/testing';
import { serve } from './serve.js';

// The embedded agent, as in users' tests.
const agent = new EmbeddedAgent(JSON.parse(process.argv[2] ?? '{}') as EmbeddedAgentOptions);
await agent.start();

/** The times of every opened stream and every register since the last restart. */
const opened: number[] = [];
const registered: number[] = [];
agent.on('watch', ({ type }) => {
  if (type === 'opened') opened.push(performance.now());
});
agent.on('answer', ({ path, status }) => {
  if (path === '/register' && status === 200) registered.push(performance.now());
});

serve({
  url: () => agent.url,
  drop: () => agent.dropStreams(),
  /** Stops, and starts again after `downtime` milliseconds. */
  restart: async (downtime: number) => {
    await agent.stop();
    await sleep(downtime);
    opened.length = 0;
    registered.length = 0;
    await agent.start();
    return performance.now();
  },
  registered: () => registered.length,
  arrivals: () => ({ opened, registered }),
});
