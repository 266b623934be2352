import { fileURLToPath } from 'node:url';
import { Client, credentials, type ServiceDefinition } from '@grpc/grpc-js';
import { loadSync } from '@grpc/proto-loader';
import { Controller, Module } from '@nestjs/common';
import { GrpcMethod, type GrpcOptions } from '@nestjs/microservices';

const protoPath = fileURLToPath(new URL('farewell.proto', import.meta.url));

export const FAREWELL_METHODS = ['/acme.farewell.v1.Farewell/Bid'];

export function farewellGrpcOptions(port: number): GrpcOptions['options'] {
  return { package: 'acme.farewell.v1', protoPath, url: `127.0.0.1:${port}` };
}

/** A second gRPC service, beside the greeter in one application. */
@Controller()
export class FarewellController {
  @GrpcMethod('Farewell', 'Bid')
  bid({ name }: { name: string }) {
    return { text: `goodbye ${name}` };
  }
}

@Module({ controllers: [FarewellController] })
export class FarewellModule {}

/** One call, on a connection of its own. */
export function bidFarewell(port: number, name: string): Promise<string> {
  const method = (loadSync(protoPath)['acme.farewell.v1.Farewell'] as ServiceDefinition)['Bid'];
  if (!method) throw new Error('the farewell service has no rpc Bid');
  const { path, requestSerialize, responseDeserialize } = method;
  const client = new Client(`127.0.0.1:${port}`, credentials.createInsecure());
  return new Promise<string>((resolve, reject) => {
    client.makeUnaryRequest(
      path,
      requestSerialize,
      (bytes) => responseDeserialize(bytes) as { text: string },
      { name },
      { deadline: Date.now() + 15_000 },
      (error, answer) => (error ? reject(error) : resolve(answer?.text ?? '')),
    );
  }).finally(() => client.close());
}
