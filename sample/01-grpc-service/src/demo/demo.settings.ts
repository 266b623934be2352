import { DemoError } from './demo.error.js';

/** The name under which the service registers. */
export const SERVICE = 'auth';

export interface DemoSettings {
  /** Where the embedded agent listens. */
  readonly agentPort: number;
  /** Where the service listens. */
  readonly grpcPort: number;
}

/** @throws {DemoError} for what is no port */
export function readSettings(env: NodeJS.ProcessEnv): DemoSettings {
  return {
    agentPort: portOf(env, 'SIDECAR_AGENT_PORT', 15010),
    grpcPort: portOf(env, 'GRPC_PORT', 10500),
  };
}

/** The environment of the service: settings of this demonstration win, and waits are short enough to watch. */
export function serviceEnvironment(
  env: NodeJS.ProcessEnv,
  { grpcPort }: DemoSettings,
  agentUrl: string,
): NodeJS.ProcessEnv {
  return {
    GRACE_PERIOD: '5s',
    DRAIN_DELAY: '1s',
    ...env,
    GRPC_PORT: String(grpcPort),
    SIDECAR_AGENT_URL: agentUrl,
    NO_COLOR: '1',
  };
}

function portOf(env: NodeJS.ProcessEnv, name: string, fallback: number): number {
  const text = env[name]?.trim() || String(fallback);
  const port = Number(text);
  if (/^\d+$/.test(text) && port >= 1 && port <= 65_535) return port;
  throw new DemoError(`${name} is "${text}", which is no port: give a number from 1 to 65535.`);
}
