import { ChildScript } from './child-script.js';

/** How the agent behaves. */
export interface BeatingAgentSettings {
  /** Milliseconds between two heartbeats; without it, it beats when it is told to. */
  readonly beat?: number;
  /** The event that it begins a stream with. */
  readonly first?: 'connected' | 'heartbeat';
  /** The paths that it answers only when it is told to. */
  readonly held?: readonly string[];
}

/**
 * An agent in a process of its own: it goes on while our own event loop stands still, and can be
 * stopped by a signal.
 */
export class BeatingAgent extends ChildScript {
  url = '';

  static async start(settings: BeatingAgentSettings): Promise<BeatingAgent> {
    const agent = new BeatingAgent('beating-agent-main.mjs', settings);
    const [, port] = await agent.printed(/PORT (\d+)\n/);
    agent.url = `http://127.0.0.1:${port}`;
    return agent;
  }

  /** Sends an event on every stream. */
  say(event: 'connected' | 'heartbeat'): void {
    this.tell(event);
  }

  /** Answers what is held. */
  answer(): void {
    this.tell('answer');
  }
}
