import { freePort } from '../../support/free-port.js';
import type { AppShape } from '../../support/greeter-app.js';
import type { GreeterSettings } from '../../support/greeter-process.js';
import { postedPaths } from '../../support/posted-paths.js';
import { ScriptedAgent } from '../../support/scripted-agent.js';
import { OpenStreams } from './frames-streams.js';
import { ScriptProcess } from './registers-process.js';

/** A greeter in a process of its own, and its agent. */
export class LeavingGreeter {
  readonly streams = new OpenStreams();
  readonly agent = new ScriptedAgent({ '/watch': this.streams.script });
  #process?: ScriptProcess;

  async start(
    sidecar: GreeterSettings['sidecar'] = {},
    { shape = 'microservice', signals = true }: { shape?: AppShape; signals?: boolean } = {},
  ): Promise<void> {
    const settings: GreeterSettings = {
      port: await freePort(),
      shape,
      signals,
      sidecar: { baseUrl: sidecar.baseUrl ?? this.agent.url, requestTimeout: '15s', ...sidecar },
    };
    this.#process = new ScriptProcess('leaving-main.mjs', settings);
  }

  get process(): ScriptProcess {
    if (!this.#process) throw new Error('the greeter was not started');
    return this.#process;
  }

  /** The paths of the POSTs, in their order. */
  get posts(): string[] {
    return postedPaths(this.agent.requests);
  }

  /** Waits until the agent has had a POST to this path, so many times. */
  async posted(path: string, times = 1): Promise<void> {
    await this.agent.until(() => this.agent.to(path).length >= times, 12_000);
  }

  /** Sends the signal, and waits until it has been seen. */
  async terminate(): Promise<void> {
    this.process.signal('SIGTERM');
    await this.process.printed('SIGTERM HAS COME');
  }

  /** Waits for the end of the process. */
  async ended(): Promise<{ code: number | NodeJS.Signals | null; took: number }> {
    const began = performance.now();
    const code = await this.process.exited;
    return { code, took: performance.now() - began };
  }

  async close(): Promise<void> {
    await this.#process?.kill();
    await this.agent.close();
  }
}
