import type { Provider } from '@nestjs/common';
import { SidecarClient } from '../agent/client/sidecar-client.js';
import { SidecarEventSource } from '../agent/watch/sidecar-event-source.js';
import {
  INNER_PARTS,
  type InnerPart,
  OTHER_AGENT,
  type OtherAgent,
  RESOLVED_OPTIONS,
} from '../inner-tokens.js';
import { bindMembers } from '../support/bind-members.js';
import type { SidecarClock } from '../support/timing/sidecar-clock.js';
import { ConsulAgent, type ConsulEndpoint } from './consul-agent.js';
import { ConsulClient } from './consul-client.js';
import { ConsulEventSource, type ConsulWatchParts } from './consul-event-source.js';
import type { ConsulOptions } from './consul-options.interface.js';
import { completeConsulOptions } from './consul-settings.js';
import { HeldInstance } from './held-instance.js';
import { prepareForConsul } from './prepare-for-consul.js';

const CONSUL_PARTS = Symbol('SidecarAgentConsulParts');

/**
 * Returns the providers that let a `SidecarAgentModule` register with the Consul agent of its host,
 * without a sidecar-agent. Pass them as `providers` to `forRoot` or `forRootAsync`, for each of
 * several named modules.
 *
 * The module finds the Consul agent by its own options `baseUrl`, `socketPath`, `headers` and
 * `tls`; otherwise by `CONSUL_HTTP_ADDR`, `CONSUL_HTTP_TOKEN`, `CONSUL_HTTP_TOKEN_FILE`,
 * `CONSUL_HTTP_SSL`, `CONSUL_HTTP_SSL_VERIFY`, `CONSUL_CACERT`, `CONSUL_CLIENT_CERT`,
 * `CONSUL_CLIENT_KEY` and `CONSUL_TLS_SERVER_NAME`; otherwise at `http://127.0.0.1:8500`.
 *
 * Faults of the options and of these variables are in the `InvalidOptionsError` of the module.
 *
 * @example
 * ```ts
 * SidecarAgentModule.forRoot({
 *   app: { id: '10001', name: 'auth-center', env: 'prod', version: 'v1.3.4' },
 *   service: { name: 'auth' },
 *   grpc: grpcOptions,
 *   providers: consulProviders({ address: '10.0.0.5' }),
 * })
 * ```
 */
export function consulProviders(options: ConsulOptions = {}): Provider[] {
  return [
    {
      provide: OTHER_AGENT,
      useFactory: (): OtherAgent => ({ prepare: (given) => prepareForConsul(given, options) }),
    },
    {
      provide: CONSUL_PARTS,
      inject: [RESOLVED_OPTIONS, INNER_PARTS.clock],
      useFactory: (module: ConsulEndpoint, { part: clock }: InnerPart<SidecarClock>): ConsulWatchParts => ({
        settings: completeConsulOptions(options),
        agent: new ConsulAgent(module, clock),
        held: new HeldInstance(),
        clock,
        module,
      }),
    },
    {
      provide: SidecarClient,
      inject: [CONSUL_PARTS],
      useFactory: (parts: ConsulWatchParts) => bindMembers(new ConsulClient(parts)),
    },
    {
      provide: SidecarEventSource,
      inject: [CONSUL_PARTS],
      useFactory: (parts: ConsulWatchParts) => bindMembers(new ConsulEventSource(parts)),
    },
  ];
}
