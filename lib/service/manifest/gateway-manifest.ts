import { sortUnique } from '../../support/text/sort-unique.js';
import type { HttpRoute } from '../routes/http-route.js';

/** The schema that the module reads and writes. */
export const GATEWAY_MANIFEST_SCHEMA = 'firefly.gateway.manifest.v1';

/** The default path of a manifest, relative to the working directory. */
export const GATEWAY_MANIFEST_PATH = 'dep/protobuf/gen/gateway.manifest.json';

/** A gRPC service as a gateway manifest declares it. */
export interface GatewayManifestService {
  /** The full name: `acme.auth.v1.AuthService`. */
  readonly name: string;
  /** The full paths of its methods, sorted and unique; at least one. */
  readonly methods: readonly string[];
}

/** A gateway manifest without faults, in the order in which it is registered and written. */
export interface GatewayManifest {
  /** Sorted by name; at least one. */
  readonly services: readonly GatewayManifestService[];
  /** Sorted, and all of one kind. Transcoding routes lead to methods of `services`. */
  readonly routes: readonly HttpRoute[];
}

/** Returns the full paths of all methods, sorted and unique. */
export function methodsOf({ services }: Pick<GatewayManifest, 'services'>): string[] {
  return sortUnique(services.flatMap(({ methods }) => methods));
}
