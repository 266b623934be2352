import { grpcClientOptions, type MeshClient, type MeshClientOptions } from 'nestjs-sidecar-agent';

/**
 * Returns the options of a client that calls a service by its DNS name. On a host of the mesh the
 * name leads to the local proxy, so `MESH_PROXY` is not set; elsewhere it is the proxy's address.
 */
export function meshClient(service: string, options: MeshClientOptions): MeshClient {
  return grpcClientOptions(service, { ...options, url: process.env.MESH_PROXY });
}
