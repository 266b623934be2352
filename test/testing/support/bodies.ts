type Json = Record<string, unknown>;

/** Builds a valid body, like the functions below, with changes that a test makes to it. */
export function nodeRegister(port: number, change: { app?: Json; service?: Json } & Json = {}): Json {
  const { app, service, ...rest } = change;
  return {
    app: {
      id: '10001',
      env: 'prod',
      name: 'auth',
      secret: '',
      version: 'v1.3.4',
      instance_id: '0197f3a2-0000-7000-8000-000000000001',
      ...app,
    },
    kernel: { language: 'node', version: 'v22.23.3' },
    service: {
      name: 'auth',
      type: 'svc',
      namespace: 'default',
      cluster_domain: 'cluster.local',
      port: 9090,
      weight: 100,
      ...service,
    },
    protocol: 'grpc',
    server_port: port,
    managed_port: 0,
    dns: 'auth.default.svc.cluster.local',
    run_date: '2026-11-21T20:05:29Z',
    proto_count: 1,
    methods: ['/acme.auth.v1.AuthService/Login', '/acme.auth.v1.AuthService/Logout'],
    ...rest,
  };
}

export function nodeLeave(change: Json = {}): Json {
  return { app_id: '10001', app_instance_id: '0197f3a2-0000-7000-8000-000000000001', ...change };
}

export function flatRegister(port: number, change: Json = {}): Json {
  return {
    app_id: '10001',
    app_name: 'auth-center',
    name: 'auth',
    namespace: 'default',
    port,
    dns: 'auth.default.svc.cluster.local',
    env: 'prod',
    weight: 100,
    protocol: 'grpc',
    kernel: { language: 'node', version: 'v22.23.3' },
    methods: ['/acme.auth.v1.AuthService/Login'],
    version: 'v1.3.4',
    ...change,
  };
}
