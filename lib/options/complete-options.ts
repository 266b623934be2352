import type { AgentKind } from '../agent/connection/agent-kind.js';
import { completeEndpoint } from './agent-endpoint.js';
import { completeHttpRoutes } from './complete-http-routes.js';
import { completeIdentity } from './complete-identity.js';
import { completeRegistrationFile } from './complete-registration-file.js';
import { completeTimes } from './complete-times.js';
import type { ResolvedOptions } from './resolved-options.js';
import type { SidecarAgentOptions } from './sidecar-agent-options.interface.js';

/** The paths that health checks and metrics usually have. */
const PROBE_PATHS = [
  '/health',
  '/health/live',
  '/health/ready',
  '/health/started',
  '/healthz',
  '/livez',
  '/readyz',
  '/metrics',
];

/**
 * Completes options with their defaults. `checkOptions` must have found no fault in them.
 *
 * @param kind what the agent is; a sidecar-agent by default
 */
export function completeOptions(options: SidecarAgentOptions, kind?: AgentKind): ResolvedOptions {
  const endpoint = completeEndpoint(options, kind);
  return Object.freeze({
    enabled: options.enabled ?? true,
    identity: completeIdentity(options),
    serverPort: options.serverPort,
    methods: options.protocol === 'http' ? [] : options.methods,
    announceInfrastructure: options.announceInfrastructure ?? false,
    grpc: options.grpc,
    ...completeHttpRoutes(options),
    endpoint,
    dialect: options.dialect ?? 'auto',
    ...completeTimes(options),
    probePaths: options.probePaths ?? PROBE_PATHS,
    holdProcessExit: options.holdProcessExit,
    maxEventBytes: options.maxEventBytes ?? 1_048_576,
    registrationFile: completeRegistrationFile(options, endpoint),
    onError: options.onError,
  });
}
