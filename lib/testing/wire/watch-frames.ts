/** How a watch stream is written: see {@link EmbeddedAgentOptions.watchStyle}. */
export type WatchStyle = 'json' | 'plain';

/** The two events that an agent sends. */
export type WatchFrameEvent = 'connected' | 'heartbeat';

const MESSAGES: Readonly<Record<WatchFrameEvent, string>> = {
  connected: 'watch stream established',
  heartbeat: 'watch stream is alive',
};

/**
 * Writes one frame of a watch stream, with its blank line.
 *
 * @param id number of the frame in its stream, from 1; the plain style does not write it
 */
export function renderWatchFrame(style: WatchStyle, event: WatchFrameEvent, id: number, at: Date): string {
  if (style === 'plain') return event === 'connected' ? 'event: connected\ndata: ok\n\n' : ': heartbeat\n\n';
  const data = JSON.stringify({
    event,
    message: MESSAGES[event],
    service: 'sidecar-agent',
    status: 'ready',
    lifecycle_state: 'running',
    ready: true,
    generated_at: at.toISOString(),
  });
  return `id: ${id}\nevent: ${event}\ndata: ${data}\n\n`;
}
