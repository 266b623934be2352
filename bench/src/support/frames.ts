/** The id of the last heartbeat of a flood. */
export const LAST_ID = 'last';

const CHUNK_BYTES = 65_536;

/** Builds heartbeats in the form of newer agents, in chunks of the size of a socket read. */
export function heartbeats(count: number): Buffer[] {
  const frames = Array.from({ length: count }, (_, index) =>
    heartbeat(index + 1 === count ? LAST_ID : String(index + 2)),
  );
  const all = Buffer.from(frames.join(''));
  return Array.from({ length: Math.ceil(all.length / CHUNK_BYTES) }, (_, index) =>
    all.subarray(index * CHUNK_BYTES, (index + 1) * CHUNK_BYTES),
  );
}

function heartbeat(id: string): string {
  const data = JSON.stringify({
    event: 'heartbeat',
    message: 'watch stream is alive',
    service: 'sidecar-agent',
    status: 'ready',
    lifecycle_state: 'running',
    ready: true,
    generated_at: '2026-05-02T00:00:05Z',
  });
  return `id: ${id}\nevent: heartbeat\ndata: ${data}\n\n`;
}
