import type { AgentEndpoint } from '../agent/connection/agent-endpoint.js';
import type { KeeperSettings } from '../registration-file/registration-keeper.js';
import type { SidecarAgentOptions } from './sidecar-agent-options.interface.js';

/** The environment variable by which the command `run` names the file to its child. */
export const REGISTRATION_FILE_VARIABLE = 'SIDECAR_AGENT_REGISTRATION_FILE';

/**
 * Completes where the registration is kept, from options without a fault. The variable overrides
 * the option, since the command `run` reads no other file.
 */
export function completeRegistrationFile(
  { registrationFile, dialect = 'auto', app }: SidecarAgentOptions,
  { origin, basePath, socketPath, kind }: AgentEndpoint,
): KeeperSettings | undefined {
  const path = process.env[REGISTRATION_FILE_VARIABLE]?.trim() || registrationFile;
  if (path === undefined) return undefined;
  const agent = { baseUrl: origin + basePath, socketPath };
  return { path, agent, dialect, consulId: kind?.instanceId, hasFixedId: app.instanceId !== undefined };
}
