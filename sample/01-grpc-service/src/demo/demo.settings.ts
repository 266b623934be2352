import { DemoError } from './demo.error.js';

/** The name under which the service registers. */
export const SERVICE = 'auth';

export interface DemoSettings {
  /** The port of the embedded agent. */
  readonly agentPort: number;
  /** The port of the service. */
  readonly grpcPort: number;
}

/** @throws {DemoError} if a port is invalid */
export function readSettings(env: NodeJS.ProcessEnv): DemoSettings {
  return {
    agentPort: portOf(env, 'SIDECAR_AGENT_PORT', 15010),
    grpcPort: portOf(env, 'GRPC_PORT', 10500),
  };
}

/** The environment of the service: fixed addresses, and by default a short shutdown. */
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
    SIDECAR_AGENT_BASE_URL: agentUrl,
    NO_COLOR: '1',
  };
}

function portOf(env: NodeJS.ProcessEnv, name: string, fallback: number): number {
  const text = env[name]?.trim() || String(fallback);
  const port = Number(text);
  if (/^\d+$/.test(text) && port >= 1 && port <= 65_535) return port;
  throw new DemoError(`${name}: must be a port from 1 to 65535, got "${text}".`);
}
