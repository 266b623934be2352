import type { HttpRoute } from '../routes/http-route.js';

/** The one schema there is. */
export const GATEWAY_MANIFEST_SCHEMA = 'firefly.gateway.manifest.v1';

/** Where a manifest is written and looked for unless another path is given, below the working directory. */
export const GATEWAY_MANIFEST_PATH = 'dep/protobuf/gen/gateway.manifest.json';

/** A gRPC service as a gateway manifest declares it. */
export interface GatewayManifestService {
  /** The full name: `acme.auth.v1.AuthService`. */
  readonly name: string;
  /** The full paths of its methods, sorted and unique; at least one. */
  readonly methods: readonly string[];
}

/** A gateway manifest that keeps the rules, in the order in which it is announced and written. */
export interface GatewayManifest {
  /** Sorted by name; at least one. */
  readonly services: readonly GatewayManifestService[];
  /** Sorted, all of one sort, and leading to methods of `services` where they lead to a gRPC method. */
  readonly routes: readonly HttpRoute[];
}

/** The full paths of all methods, sorted and unique. */
export function methodsOf({ services }: Pick<GatewayManifest, 'services'>): string[] {
  return [...new Set(services.flatMap(({ methods }) => methods))].sort();
}
