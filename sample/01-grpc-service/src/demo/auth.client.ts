import { fileURLToPath } from 'node:url';
import { Client, credentials, type ServiceError } from '@grpc/grpc-js';
import { loadSync } from '@grpc/proto-loader';

const PROTO = fileURLToPath(new URL('../../proto/auth.proto', import.meta.url));
const SERVICE = 'acme.auth.v1.AuthService';
/** How long a call may take, in milliseconds. */
const DEADLINE = 5_000;

/** Calls `Login` as any gRPC client would, and returns the answer. An abort cancels the call. */
export async function login(port: number, user: string, signal: AbortSignal): Promise<object> {
  const method = methodOf('Login');
  // A proxy of the environment has no business between two processes of one host.
  const client = new Client(`127.0.0.1:${port}`, credentials.createInsecure(), {
    'grpc.enable_http_proxy': 0,
  });
  try {
    return await new Promise((resolve, reject) => {
      const call = client.makeUnaryRequest(
        method.path,
        method.requestSerialize,
        method.responseDeserialize,
        { user },
        { deadline: Date.now() + DEADLINE },
        (error: ServiceError | null, answer?: object) => (error ? reject(error) : resolve(answer ?? {})),
      );
      signal.addEventListener('abort', () => call.cancel(), { once: true });
    });
  } finally {
    client.close();
  }
}

function methodOf(name: string) {
  const service = loadSync(PROTO)[SERVICE];
  const method = service && !('format' in service) ? service[name] : undefined;
  if (!method) throw new Error(`${PROTO} has no ${SERVICE}/${name}`);
  return method;
}
