import { DEFAULT_BASE_URL } from './address.schema.js';
import type { RegistrationFileSettings } from './resolved-options.js';
import type { SidecarAgentOptions } from './sidecar-agent-options.interface.js';

/** The environment variable by which the command `run` names the file to its child. */
export const REGISTRATION_FILE_VARIABLE = 'SIDECAR_AGENT_REGISTRATION_FILE';

/**
 * Completes where the registration is kept, from options without a fault. The variable overrides
 * the option, since the command `run` reads no other file.
 */
export function completeRegistrationFile({
  registrationFile,
  baseUrl = DEFAULT_BASE_URL,
  socketPath,
  dialect = 'auto',
  app,
}: SidecarAgentOptions): RegistrationFileSettings | undefined {
  const path = process.env[REGISTRATION_FILE_VARIABLE]?.trim() || registrationFile;
  if (path === undefined) return undefined;
  return { path, agent: { baseUrl, socketPath }, dialect, hasFixedId: app.instanceId !== undefined };
}
