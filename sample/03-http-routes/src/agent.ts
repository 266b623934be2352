// An agent to try the service with, where no real one is at hand.
import { EmbeddedAgent } from 'nestjs-sidecar-agent/testing';

const agent = new EmbeddedAgent({ port: Number(process.env.SIDECAR_AGENT_PORT ?? '15010') });
await agent.start();
console.log(`An agent listens on ${agent.url}`);
