import type { AgentInstance } from '../../testing/agent-instance.js';
import type { RefusalWarning } from '../routes/public-agent-warnings.js';
import { instanceKey } from './instance-key.js';

/** A route as the page shows it: `POST /v1/auth/login` and where it leads. */
export interface RouteView {
  readonly route: string;
  readonly target: string;
}

/** An instance as the page shows it. It has no body of a request. */
export interface InstanceView {
  /** Identifies the instance on the page. */
  readonly key: string;
  readonly name: string;
  readonly namespace: string;
  readonly env: string;
  readonly dialect: string;
  readonly protocol: string;
  readonly dns: string;
  readonly appId: string;
  readonly instanceId: string;
  readonly version: string;
  readonly state: AgentInstance['state'];
  /** Whether it is deregistered because it was lost, and not by a call. */
  readonly isLost?: true;
  readonly port: number;
  readonly servicePort: number;
  readonly weight: number;
  readonly methods: readonly string[];
  readonly routes: readonly RouteView[];
  readonly replays: number;
  /** When the agent accepted the first register, in ISO 8601. */
  readonly registeredAt: string;
  /** When the service was last heard, or the state last changed, in ISO 8601. */
  readonly heardAt: string;
  readonly drainDeadline?: string;
  readonly history: readonly { readonly state: string; readonly at: string }[];
  readonly warnings: readonly RefusalWarning[];
}

/** @param isLost whether the instance was lost, and not deregistered by a call */
export function instanceView(
  instance: AgentInstance,
  warnings: readonly RefusalWarning[],
  isLost = false,
): InstanceView {
  const { name, namespace, env, dialect, protocol, dns, appId, instanceId, version, state } = instance;
  return {
    key: instanceKey(instance),
    ...{ name, namespace, env, dialect, protocol, dns, appId, instanceId, version, state },
    ...(isLost && { isLost }),
    port: instance.port,
    servicePort: instance.servicePort,
    weight: instance.weight,
    methods: instance.methods,
    routes: instance.httpRoutes.map(routeView),
    replays: instance.replays,
    registeredAt: instance.registeredAt.toISOString(),
    heardAt: instance.updatedAt.toISOString(),
    drainDeadline: instance.drainDeadline?.toISOString(),
    history: instance.history.map((change) => ({ state: change.state, at: change.at.toISOString() })),
    warnings,
  };
}

function routeView({ httpMethod, path, ...to }: AgentInstance['httpRoutes'][number]): RouteView {
  const { fullMethod, upstreamPath, stripPrefix } = to as {
    fullMethod?: string;
    upstreamPath?: string;
    stripPrefix?: boolean;
  };
  const target = fullMethod ?? upstreamPath ?? (stripPrefix ? 'without its prefix' : 'the same path');
  return { route: `${httpMethod} ${path}`, target };
}
