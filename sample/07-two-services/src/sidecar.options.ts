import type { SidecarAgentOptions } from 'nestjs-sidecar-agent';

const env = process.env;

/** The options that both services share: the app, the agent and the shutdown times. */
export const sharedOptions: Omit<SidecarAgentOptions, 'service'> = {
  app: {
    id: '10007',
    name: 'back-office',
    env: env.APP_ENV ?? 'dev',
    version: env.APP_VERSION ?? 'v1.0.0',
  },
  baseUrl: env.SIDECAR_AGENT_BASE_URL ?? 'http://127.0.0.1:15010',
  gracePeriod: env.GRACE_PERIOD ?? '20s',
  drainDelay: env.DRAIN_DELAY ?? 'auto',
};
