import { Client, credentials, type ServiceDefinition } from '@grpc/grpc-js';
import { loadSync } from '@grpc/proto-loader';
import { ROOT } from '../../docs/support/pages.js';

interface Answer {
  readonly user: string;
}

/** Calls the gRPC service of an application. */
export async function login(address: string, user: string): Promise<Answer> {
  const definition = loadSync(`${ROOT}/sample/01-grpc-service/proto/auth.proto`);
  const service = definition['acme.auth.v1.AuthService'] as ServiceDefinition;
  const method = service.Login;
  if (!method) throw new Error('the proto has no method Login');
  const client = new Client(address, credentials.createInsecure());
  try {
    return await new Promise<Answer>((resolve, reject) => {
      const { path, requestSerialize, responseDeserialize } = method;
      const read = (bytes: Buffer) => responseDeserialize(bytes) as Answer;
      client.makeUnaryRequest(path, requestSerialize, read, { user }, (error, answer) => {
        if (answer) resolve(answer);
        else reject(error ?? new Error('no answer'));
      });
    });
  } finally {
    client.close();
  }
}
