import { setTimeout as sleep } from 'node:timers/promises';
import { EmbeddedAgent, type EmbeddedAgentOptions } from 'nestjs-sidecar-agent/testing';
import { serve } from './serve.js';

// The embedded agent, as users' tests have it.
const agent = new EmbeddedAgent(JSON.parse(process.argv[2] ?? '{}') as EmbeddedAgentOptions);
await agent.start();

/** When each stream was opened, and each service registered, since it was last asked. */
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
  /** Stops, and comes back after so many milliseconds. */
  restart: async (downtime: number) => {
    await agent.stop();
    await sleep(downtime);
    opened.length = 0;
    registered.length = 0;
    await agent.start();
    return performance.now();
  },
  registered: () => registered.length,
  /** What happened since the restart. */
  arrivals: () => ({ opened, registered }),
});
