/** The two forms of the bodies. */
export type Dialect = 'node' | 'flat';

export type Json = Readonly<Record<string, unknown>>;

/** The content of a register. Checks make fields invalid on purpose; `undefined` leaves one out. */
export interface Draft {
  readonly appId: string;
  readonly instanceId: string;
  readonly name: string;
  /** The port that the service listens on. */
  readonly port: number;
  readonly dns: string | undefined;
  readonly weight: number;
  readonly methods: readonly string[];
  readonly runDate: string;
}

interface WireBodies {
  register(draft: Draft): Json;
  drain(draft: Draft, gracePeriod: string): Json;
  deregister(draft: Draft): Json;
}

const KERNEL = { language: 'node', version: process.version };
const APP = { env: 'interop', name: 'interop', version: 'v1.0.0' };

/**
 * The bodies in each dialect, with the fields in the order of the library. They are written again
 * here, so that the checks follow the protocol and not the library.
 */
export const wireBodies: Readonly<Record<Dialect, WireBodies>> = {
  node: {
    register: (draft) => ({
      app: {
        id: draft.appId,
        env: APP.env,
        name: APP.name,
        secret: '',
        version: APP.version,
        instance_id: draft.instanceId,
      },
      kernel: KERNEL,
      service: {
        name: draft.name,
        type: 'svc',
        namespace: 'default',
        cluster_domain: 'cluster.local',
        port: 9090,
        weight: draft.weight,
      },
      protocol: 'grpc',
      server_port: draft.port,
      managed_port: 0,
      dns: draft.dns,
      run_date: draft.runDate,
      proto_count: 1,
      methods: draft.methods,
    }),
    drain: (draft, gracePeriod) => ({
      app_id: draft.appId,
      app_instance_id: draft.instanceId,
      service_name: draft.name,
      grace_period: gracePeriod,
    }),
    deregister: (draft) => ({
      app_id: draft.appId,
      app_instance_id: draft.instanceId,
      service_name: draft.name,
      service_port: draft.port,
    }),
  },
  flat: {
    register: (draft) => ({
      app_id: draft.appId,
      app_name: APP.name,
      name: draft.name,
      namespace: 'default',
      port: draft.port,
      dns: draft.dns,
      env: APP.env,
      weight: draft.weight,
      protocol: 'grpc',
      kernel: KERNEL,
      methods: draft.methods,
      version: APP.version,
    }),
    drain: (draft, gracePeriod) => ({ name: draft.name, port: draft.port, grace_period: gracePeriod }),
    deregister: (draft) => ({ name: draft.name, port: draft.port }),
  },
};
