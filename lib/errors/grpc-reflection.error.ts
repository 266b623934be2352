import { SidecarAgentError } from './sidecar-agent.error.js';

/** An option of the gRPC microservice that determines which methods it serves. */
export type GrpcReflectionOption =
  'grpc.package' | 'grpc.protoPath' | 'grpc.packageDefinition' | 'grpc.protoLoader' | 'grpc.loader';

/** The data of a {@link GrpcReflectionError}, beside its message. */
export interface GrpcReflectionErrorDetail {
  /** The option at fault; absent if the application is at fault. */
  readonly option?: GrpcReflectionOption;
  /** The original error, such as that of the proto loader. */
  readonly cause?: unknown;
}

/**
 * Thrown if the methods that a gRPC server serves cannot be read: because of one of its options, or
 * because the application has no gRPC server with handlers.
 */
export class GrpcReflectionError extends SidecarAgentError {
  override readonly name = 'GrpcReflectionError';
  /** The option at fault; absent if the application is at fault. */
  readonly option?: GrpcReflectionOption;

  /** @param message what is wrong and what to do; the name of the option is put before it */
  constructor(message: string, { option, ...options }: GrpcReflectionErrorDetail = {}) {
    super('runtime_error', option === undefined ? message : `${option}: ${message}`, options);
    this.option = option;
  }
}
