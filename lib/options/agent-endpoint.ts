import type { OptionFault } from '../errors/invalid-options.error.js';
import type { AgentEndpoint } from './resolved-options.js';
import type { SidecarAgentOptions } from './sidecar-agent-options.interface.js';

/** Where an agent listens by default. Newer agents' documentation says {@link DOCUMENTED_AGENT_PORT}. */
export const DEFAULT_BASE_URL = 'http://127.0.0.1:15010';

type EndpointOptions = Pick<SidecarAgentOptions, 'baseUrl' | 'watchUrl' | 'socketPath' | 'headers' | 'tls'>;

/**
 * Reads where the agent is. Faults are added to `faults`; the result is of use only where there are none.
 */
export function resolveEndpoint(options: EndpointOptions, faults: OptionFault[]): AgentEndpoint {
  const base = readUrl('baseUrl', options.baseUrl ?? DEFAULT_BASE_URL, undefined, faults);
  const basePath = base.pathname.replace(/\/+$/, '');
  if (base.search || base.hash) {
    faults.push({ path: 'baseUrl', message: 'must have no query and no fragment' });
  }
  const watch = readUrl('watchUrl', options.watchUrl ?? '/watch', { base, basePath }, faults);
  if (watch.origin !== base.origin) {
    faults.push({
      path: 'watchUrl',
      message: `must have the origin of baseUrl, ${base.origin}: headers and TLS settings are meant for that origin alone`,
    });
  }
  if (options.tls && base.protocol !== 'https:') {
    faults.push({
      path: 'tls',
      message: `has no effect on ${base.protocol}//: give an https baseUrl or leave it out`,
    });
  }
  return {
    origin: base.origin,
    basePath,
    watchPath: watch.pathname + watch.search,
    socketPath: options.socketPath,
    headers: Object.freeze({ ...options.headers }),
    tls: options.tls,
  };
}

function readUrl(
  path: string,
  value: string,
  below: { base: URL; basePath: string } | undefined,
  faults: OptionFault[],
): URL {
  const text = below && value.startsWith('/') ? below.base.origin + below.basePath + value : value;
  const url = URL.canParse(text) ? new URL(text) : undefined;
  if (url && (url.protocol === 'http:' || url.protocol === 'https:')) {
    if (url.username || url.password) {
      faults.push({ path, message: 'must have no user info; send credentials with the option headers' });
    }
    return url;
  }
  const paths = below ? ', or a path that starts with "/"' : '';
  faults.push({ path, message: `must be an http or https URL such as "${DEFAULT_BASE_URL}"${paths}` });
  return new URL(DEFAULT_BASE_URL);
}
