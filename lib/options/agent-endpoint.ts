import type { OptionFault } from '../errors/invalid-options.error.js';
import type { AgentEndpoint } from '../agent/connection/agent-endpoint.js';
import type { SidecarAgentOptions } from './sidecar-agent-options.interface.js';

/** Where an agent listens by default. Newer agents' documentation says {@link DOCUMENTED_AGENT_PORT}. */
export const DEFAULT_BASE_URL = 'http://127.0.0.1:15010';

type EndpointOptions = Pick<SidecarAgentOptions, 'baseUrl' | 'watchUrl' | 'socketPath' | 'headers' | 'tls'>;

/** What is wrong with each address of the agent on its own. */
export function addressFaults(options: unknown): OptionFault[] {
  const { baseUrl, watchUrl } = Object(options) as Partial<Record<string, unknown>>;
  const message = `must be an http or https URL such as "${DEFAULT_BASE_URL}"`;
  const base = urlFaults('baseUrl', baseUrl, message);
  if (base.url && (base.url.search || base.url.hash)) {
    base.faults.push({ path: 'baseUrl', message: 'must have no query and no fragment' });
  }
  if (typeof watchUrl === 'string' && watchUrl.startsWith('/')) return base.faults;
  const watch = urlFaults('watchUrl', watchUrl, `${message}, or a path that starts with "/"`);
  return [...base.faults, ...watch.faults];
}

/**
 * Reads where the agent is. What the options mean to each other is checked, and its faults are added to `faults`; the result is of
 * use only where there are none, and none of `addressFaults`.
 */
export function resolveEndpoint(options: EndpointOptions, faults: OptionFault[]): AgentEndpoint {
  const given = httpUrl(options.baseUrl ?? DEFAULT_BASE_URL);
  const base = given ?? new URL(DEFAULT_BASE_URL);
  const basePath = base.pathname.replace(/\/+$/, '');
  const watchUrl = options.watchUrl ?? '/watch';
  const watch = httpUrl(watchUrl.startsWith('/') ? base.origin + basePath + watchUrl : watchUrl) ?? base;
  // What is no address at all means nothing to the others.
  if (given && watch.origin !== base.origin) {
    faults.push({
      path: 'watchUrl',
      message: `must have the origin of baseUrl, ${base.origin}: headers and TLS settings are meant for that origin alone`,
    });
  }
  if (given && options.tls && base.protocol !== 'https:') {
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

function urlFaults(path: string, value: unknown, message: string): { url?: URL; faults: OptionFault[] } {
  if (typeof value !== 'string') return { faults: [] };
  const url = httpUrl(value);
  if (!url) return { faults: [{ path, message }] };
  const hasUserInfo = url.username !== '' || url.password !== '';
  const userInfo = { path, message: 'must have no user info; send credentials with the option headers' };
  return { url, faults: hasUserInfo ? [userInfo] : [] };
}

function httpUrl(text: string): URL | undefined {
  const url = URL.canParse(text) ? new URL(text) : undefined;
  return url && ['http:', 'https:'].includes(url.protocol) ? url : undefined;
}
