import { ChildScript } from './child-script.js';

/**
 * An agent that accepts nothing and whose queue is full: a connection to it is never refused and
 * never established.
 */
export class DeafAgent extends ChildScript {
  url = '';

  static async start(): Promise<DeafAgent> {
    const agent = new DeafAgent('deaf-agent-main.mjs');
    const [, port] = await agent.printed(/FULL (\d+)\n/);
    agent.url = `http://127.0.0.1:${port}`;
    return agent;
  }
}

/** How many connections of this process are being opened. */
export function connecting(): number {
  return process.getActiveResourcesInfo().filter((type) => type.endsWith('ConnectWrap')).length;
}
