import { fileURLToPath } from 'node:url';
import { Client, credentials, type ServiceError } from '@grpc/grpc-js';
import { loadSync } from '@grpc/proto-loader';

const PROTO = fileURLToPath(new URL('../../proto/auth.proto', import.meta.url));
const SERVICE = 'acme.auth.v1.AuthService';
/** The time limit of a call, in milliseconds. */
const DEADLINE = 5_000;

/** Calls `Login` and returns the answer. An abort cancels the call. */
export async function login(port: number, user: string, signal: AbortSignal): Promise<object> {
  const method = methodOf('Login');
  // Both processes are on one host: do not use a proxy from the environment.
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
