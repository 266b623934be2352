/** A gRPC service for an application that has none. */
export const GREETER_PROTO = `// An example: replace it by the service of your application.
syntax = "proto3";

package greeter.v1;

service GreeterService {
  rpc Greet(GreetRequest) returns (GreetReply);
}

message GreetRequest {
  string name = 1;
}

message GreetReply {
  string text = 1;
}
`;

/** Returns the text of the controller that serves {@link GREETER_PROTO}. */
export function greeterController(): string {
  return `import { Controller } from '@nestjs/common';
import { GrpcMethod } from '@nestjs/microservices';

/** An example: replace it, and proto/greeter.proto, by your own service. */
@Controller()
export class GreeterController {
  @GrpcMethod('GreeterService', 'Greet')
  greet({ name }: { name: string }) {
    return { text: \`Hello, \${name}\` };
  }
}
`;
}
