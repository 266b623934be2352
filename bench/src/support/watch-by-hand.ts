import type { EventSource } from 'eventsource';

/** Reads an agent's stream with only undici and eventsource; resolves at the first event. */
export async function watchByHand(agent: string): Promise<EventSource> {
  const { fetch } = await import('undici');
  const { EventSource } = await import('eventsource');
  const source = new EventSource(`${agent}/watch`, { fetch: (url, init) => fetch(String(url), init) });
  await new Promise((resolve) => source.addEventListener('connected', resolve, { once: true }));
  source.addEventListener('heartbeat', ({ data }) => void JSON.parse(String(data)));
  return source;
}
