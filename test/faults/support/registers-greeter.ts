import { SidecarAgent, type SidecarStatus } from '../../../lib/index.js';
import { createGreeterApp, type GreeterApp, type GreeterOptions } from '../../support/greeter-app.js';
import { ScriptedAgent } from '../../support/scripted-agent.js';
import { statusWhere } from '../../support/status-where.js';
import { OpenStreams } from './frames-streams.js';
import { HeldAnswers } from './registers-answers.js';

/**
 * A greeter and its agent, whose streams stay open and whose registers are held, unless a test has
 * other scripts.
 */
export class RegisteringGreeter {
  readonly streams = new OpenStreams();
  readonly held = new HeldAnswers();
  readonly agent = new ScriptedAgent({ '/watch': this.streams.script, '/register': this.held.script });
  #greeter?: GreeterApp;

  async start(more: GreeterOptions = {}): Promise<void> {
    this.#greeter = await createGreeterApp('microservice', {
      baseUrl: this.agent.url,
      requestTimeout: '15s',
      // Nobody waits at the end of a test for a register that is still held.
      shutdownTimeout: 500,
      ...more,
    });
    await this.#greeter.listen();
  }

  get app(): GreeterApp['app'] {
    return this.#started.app;
  }

  /** The lines of this package, since the start. */
  get log(): string[] {
    return this.#started.logs.sidecar;
  }

  get status(): SidecarStatus {
    return this.app.get(SidecarAgent).status();
  }

  where(wanted: (status: SidecarStatus) => boolean): Promise<SidecarStatus> {
    return statusWhere(this.app, wanted);
  }

  /** How many registers the agent was sent. */
  get posts(): number {
    return this.agent.to('/register').length;
  }

  /**
   * Waits until all that the agent has said on its stream was heard, and for a few rounds more over
   * the same event loop: by then a call that was due has arrived. `mark` tells one time from the
   * other.
   */
  async heard(mark: string): Promise<void> {
    for (let round = 0; round < 6; round += 1) {
      const id = `${mark}.${round}`;
      this.streams.say(`event: heartbeat\nid: ${id}\ndata: x\n\n`);
      await this.where(({ lastEventId }) => lastEventId === id);
    }
  }

  /** Breaks the stream, and waits until that was seen. */
  async drop(): Promise<void> {
    const { disconnectCount } = this.status;
    this.streams.last.resetAndDestroy();
    await this.where((told) => told.disconnectCount > disconnectCount);
  }

  async close(): Promise<void> {
    await this.#greeter?.app.close();
    await this.agent.close();
  }

  get #started(): GreeterApp {
    if (!this.#greeter) throw new Error('the greeter was not started');
    return this.#greeter;
  }
}
