import type { EventSource } from 'eventsource';

/** Follows an agent's stream with undici and eventsource alone; resolves with the first event. */
export async function watchByHand(agent: string): Promise<EventSource> {
  const { fetch } = await import('undici');
  const { EventSource } = await import('eventsource');
  const source = new EventSource(`${agent}/watch`, { fetch: (url, init) => fetch(String(url), init) });
  await new Promise((resolve) => source.addEventListener('connected', resolve, { once: true }));
  source.addEventListener('heartbeat', ({ data }) => void JSON.parse(String(data)));
  return source;
}
