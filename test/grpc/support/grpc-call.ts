import { Client, credentials, type StatusObject, status } from '@grpc/grpc-js';

const sameBytes = (bytes: Buffer): Buffer => bytes;

/**
 * Calls a method and returns the status of the answer. The call sends a stream of one empty
 * message: it is valid for any message type, and the same on the wire for all four streaming kinds.
 */
export async function statusOf(url: string, path: string): Promise<string> {
  const client = new Client(url, credentials.createInsecure());
  try {
    const call = client.makeBidiStreamRequest(path, sameBytes, sameBytes, { deadline: Date.now() + 5_000 });
    const ended = new Promise<StatusObject>((resolve) => call.once('status', resolve));
    call.on('error', () => undefined).resume();
    call.end(Buffer.alloc(0));
    return status[(await ended).code] ?? 'no status';
  } finally {
    client.close();
  }
}

/** Calls several methods and returns the statuses by path. */
export async function statusesOf(url: string, paths: readonly string[]): Promise<Record<string, string>> {
  return Object.fromEntries(
    await Promise.all(paths.map(async (path) => [path, await statusOf(url, path)] as const)),
  );
}

/** Calls a unary rpc that takes and returns a hero, whose fields are id and name, in this order. */
export async function findHeroName(url: string, path: string, id: number): Promise<string> {
  const client = new Client(url, credentials.createInsecure());
  try {
    const answer = await new Promise<Buffer | undefined>((resolve, reject) => {
      client.makeUnaryRequest(path, sameBytes, sameBytes, Buffer.from([0x08, id]), (error, bytes) =>
        error ? reject(error) : resolve(bytes),
      );
    });
    // 08 <id> 12 <length> <name>
    return answer?.subarray(4).toString() ?? '';
  } finally {
    client.close();
  }
}
