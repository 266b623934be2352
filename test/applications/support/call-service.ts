import { Client, credentials, type ServiceDefinition } from '@grpc/grpc-js';
import { loadSync } from '@grpc/proto-loader';

/** A unary method, and the proto that declares it. */
export interface Method {
  readonly proto: string;
  readonly service: string;
  readonly name: string;
}

/** Calls a method of the gRPC service of an application. */
export async function callService(address: string, called: Method, request: object): Promise<unknown> {
  const definition = loadSync(called.proto)[called.service] as ServiceDefinition | undefined;
  const method = definition?.[called.name];
  if (!method) throw new Error(`the proto has no method ${called.name}`);
  const client = new Client(address, credentials.createInsecure());
  try {
    return await new Promise<unknown>((resolve, reject) => {
      const { path, requestSerialize, responseDeserialize } = method;
      client.makeUnaryRequest(path, requestSerialize, responseDeserialize, request, (error, answer) => {
        if (answer) resolve(answer);
        else reject(error ?? new Error('no answer'));
      });
    });
  } finally {
    client.close();
  }
}
