import type { GrpcOptions } from '@nestjs/microservices';
import { type GrpcInventory, inspectGrpcServer } from './grpc-inventory.js';
import { configuredOptions, type GrpcServer } from './grpc-server.js';

/** What a server that is not the module's own serves, as far as its own options tell; `undefined` where they do not. */
export async function inspectOtherServer(server: GrpcServer): Promise<GrpcInventory | undefined> {
  try {
    return await inspectGrpcServer(server, configuredOptions(server) as GrpcOptions['options']);
  } catch {
    // Its faults are not this module's.
    return undefined;
  }
}
