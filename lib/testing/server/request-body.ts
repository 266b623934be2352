import type { IncomingMessage } from 'node:http';

/** The largest body that the agent accepts: 8 MiB. */
export const MAX_BODY_BYTES = 8 * 1024 * 1024;

/** How the transfer of a body ended. */
export type ReceivedBody =
  | { readonly outcome: 'complete'; readonly rawBody: string }
  | { readonly outcome: 'too_large' }
  | { readonly outcome: 'aborted' };

/**
 * Receives a body. The rest of a body that is too large is read and thrown away, because its sender
 * would otherwise not read the answer.
 */
export function receiveBody(request: IncomingMessage): Promise<ReceivedBody> {
  return new Promise((resolve) => {
    const chunks: Buffer[] = [];
    let size = 0;
    request.on('data', (chunk: Buffer) => {
      size += chunk.length;
      if (size <= MAX_BODY_BYTES) {
        chunks.push(chunk);
        return;
      }
      chunks.length = 0;
      resolve({ outcome: 'too_large' });
    });
    request.once('end', () =>
      resolve({ outcome: 'complete', rawBody: Buffer.concat(chunks).toString('utf8') }),
    );
    request.once('error', () => resolve({ outcome: 'aborted' }));
    request.once('close', () => resolve({ outcome: 'aborted' }));
  });
}

/** Parses a body as JSON; returns `undefined` if it is not JSON. */
export function parseBody(rawBody: string): unknown {
  try {
    return JSON.parse(rawBody) as unknown;
  } catch {
    return undefined;
  }
}
