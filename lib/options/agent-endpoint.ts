import type { AgentEndpoint } from '../agent/connection/agent-endpoint.js';
import type { AgentKind } from '../agent/connection/agent-kind.js';
import type { OptionFault } from '../errors/invalid-options.error.js';
import { DEFAULT_BASE_URL, httpUrl } from './address.schema.js';
import { hideSecrets } from './hide-secrets.js';
import { tlsFaults } from './tls.schema.js';
import type { SidecarAgentOptions } from './sidecar-agent-options.interface.js';

type AddressOptions = Pick<SidecarAgentOptions, 'baseUrl' | 'watchUrl'>;
type EndpointOptions = AddressOptions & Pick<SidecarAgentOptions, 'socketPath' | 'headers' | 'tls'>;

/**
 * Returns the faults between the options that say where the agent is.
 *
 * @param refused the paths that have a fault of their own: nothing is compared with their values
 */
export function endpointFaults(
  options: EndpointOptions,
  refused: ReadonlySet<string> = new Set(),
): OptionFault[] {
  const { base, watch } = addressesOf(options);
  // A baseUrl that is not an address has a fault of its own, and no origin to compare with.
  if (!base) return [];
  const faults: OptionFault[] = [];
  if (watch && watch.origin !== base.origin) {
    faults.push({
      path: 'watchUrl',
      message: `must have the origin of baseUrl, ${base.origin}: headers and TLS settings are sent to that origin only`,
    });
  }
  if (options.tls && base.protocol !== 'https:') {
    faults.push({
      path: 'tls',
      message: `has no effect on ${base.protocol}//: give an https baseUrl or leave it out`,
    });
  }
  const isSound = ![...refused].some((path) => path === 'tls' || path.startsWith('tls.'));
  return options.tls && isSound ? [...faults, ...tlsFaults(options.tls)] : faults;
}

/**
 * Completes where the agent is, and how it is reached, from options without a fault.
 *
 * @param kind what the agent is; a sidecar-agent by default
 */
export function completeEndpoint(options: EndpointOptions, kind?: AgentKind): AgentEndpoint {
  const { base = new URL(DEFAULT_BASE_URL), watch = base } = addressesOf(options);
  const endpoint = hideSecrets({
    origin: base.origin,
    basePath: pathOf(base),
    watchPath: watch.pathname + watch.search,
    socketPath: options.socketPath,
    headers: typeof options.headers === 'function' ? options.headers : { ...options.headers },
    tls: options.tls,
    kind,
  });
  if (typeof endpoint.headers === 'object') Object.freeze(endpoint.headers);
  return endpoint;
}

/** Returns the addresses; one that is not an http or https URL is absent. */
function addressesOf({ baseUrl = DEFAULT_BASE_URL, watchUrl = '/watch' }: AddressOptions) {
  const base = httpUrl(baseUrl);
  const isPath = watchUrl.startsWith('/');
  const watch = httpUrl(isPath && base ? base.origin + pathOf(base) + watchUrl : watchUrl);
  return { base, watch };
}

function pathOf(base: URL): string {
  return base.pathname.replace(/\/+$/, '');
}
