import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';
import type { EmbeddedAgent } from 'nestjs-sidecar-agent/testing';

const MAIN = fileURLToPath(new URL('./service/main.js', import.meta.url));

/** One process of the service. */
export class Instance {
  readonly id: string;
  /** The exit code, or the name of the signal that ended the process. */
  readonly ended: Promise<number | NodeJS.Signals>;
  readonly #child: ChildProcess;
  #output = '';

  constructor(id: string, agent: EmbeddedAgent) {
    this.id = id;
    this.#child = spawn(process.execPath, [MAIN], {
      env: { ...process.env, INSTANCE_ID: id, SIDECAR_AGENT_BASE_URL: agent.url, NO_COLOR: '1' },
      stdio: ['ignore', 'pipe', 'pipe', 'ipc'],
      // In its own process group, so that Ctrl-C reaches only this sample.
      detached: true,
    });
    for (const stream of [this.#child.stdout, this.#child.stderr]) {
      stream?.setEncoding('utf8').on('data', (text: string) => (this.#output += text));
    }
    this.ended = once(this.#child, 'exit').then(
      ([code, signal]) => (code ?? signal) as number | NodeJS.Signals,
    );
  }

  /** Waits until the agent lists the instance as `Serving`. */
  async serving(agent: EmbeddedAgent): Promise<void> {
    const died = this.ended.then((end) => {
      throw new Error(`${this.id} ended with ${end}:\n${this.#output}`);
    });
    const isServing = () =>
      agent.services().some(({ instanceId, state }) => instanceId === this.id && state === 'Serving');
    await Promise.race([agent.waitFor(isServing, { timeout: 60_000 }), died]);
  }

  terminate(): void {
    this.#child.kill('SIGTERM');
  }

  kill(): void {
    this.#child.kill('SIGKILL');
  }
}
