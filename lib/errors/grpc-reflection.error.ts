import { SidecarAgentError } from './sidecar-agent.error.js';

/** An option of the gRPC microservice that decides what is served. */
export type GrpcReflectionOption =
  'grpc.package' | 'grpc.protoPath' | 'grpc.packageDefinition' | 'grpc.protoLoader';

/** What is known beside the message of a `GrpcReflectionError`. */
export interface GrpcReflectionErrorDetail {
  /** The option at fault; absent where it is the application. */
  readonly option?: GrpcReflectionOption;
  /** The error underneath, such as the proto loader's. */
  readonly cause?: unknown;
}

/** The methods that a gRPC server serves cannot be told, because of an option or because there is no such server. */
export class GrpcReflectionError extends SidecarAgentError {
  override readonly name = 'GrpcReflectionError';
  readonly option?: GrpcReflectionOption;

  constructor(message: string, { option, ...options }: GrpcReflectionErrorDetail = {}) {
    super('runtime_error', option === undefined ? message : `${option}: ${message}`, options);
    this.option = option;
  }
}
