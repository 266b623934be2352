import type { IncomingMessage } from 'node:http';

/** The most a body may hold: 8 MiB. */
export const MAX_BODY_BYTES = 8 * 1024 * 1024;

/** How the reading of a body ended. */
export type ReadBodyResult =
  | { readonly outcome: 'complete'; readonly rawBody: string }
  | { readonly outcome: 'too_large' }
  | { readonly outcome: 'aborted' };

/** Reads a body. One that is too large is read on and thrown away, so that its sender gets to see the answer. */
export function readBody(request: IncomingMessage): Promise<ReadBodyResult> {
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

/** Parses a body as JSON, `undefined` where it is none. */
export function parseBody(rawBody: string): unknown {
  try {
    return JSON.parse(rawBody) as unknown;
  } catch {
    return undefined;
  }
}
