// An agent to try the service with, if you have no real one.
import { EmbeddedAgent } from 'nestjs-sidecar-agent/testing';

const agent = new EmbeddedAgent({ port: Number(process.env.SIDECAR_AGENT_PORT ?? '15010') });
await agent.start();
console.log(`The agent listens on ${agent.url}`);
