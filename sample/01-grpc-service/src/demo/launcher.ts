import { setTimeout as delay } from 'node:timers/promises';
import { EmbeddedAgent, serveAgentPage } from 'nestjs-sidecar-agent/testing';
import { AgentNarrator } from './agent.narrator.js';
import { DemoError, messageOf } from './demo.error.js';
import { type DemoSettings, readSettings, SERVICE, serviceEnvironment } from './demo.settings.js';
import { demonstrate } from './demonstration.js';
import { farewell } from './farewell.js';
import { requireFreePort, unusablePort } from './port.check.js';
import { complain, say } from './printer.js';
import { type ProcessEnd, ServiceProcess } from './service.process.js';
import { aborted, unlessAborted } from './stop.signal.js';

/** The time limit for the shutdown of the service, in milliseconds. Its own limit is far below. */
const LEAVE_LIMIT = 30_000;
/** The time limit for a register at the restarted agent before the shutdown, in milliseconds. */
const RETURN_LIMIT = 3_000;
/** The delay of a signal to this process after the same signal to the service, in milliseconds. */
const SIGNAL_SKEW = 300;

/** Runs the demonstration until `stop` aborts; returns the exit code. */
export async function launch(stop: AbortSignal): Promise<number> {
  try {
    return await new Launcher(readSettings(process.env), stop).run();
  } catch (error) {
    if (!(error instanceof DemoError)) throw error;
    complain(error.message);
    return 1;
  }
}

/** Runs the agent and the service. The agent starts before the service and stops after it. */
class Launcher {
  readonly #settings: DemoSettings;
  readonly #stop: AbortSignal;
  readonly #agent: EmbeddedAgent;
  readonly #narrator: AgentNarrator;

  constructor(settings: DemoSettings, stop: AbortSignal) {
    this.#settings = settings;
    this.#stop = stop;
    this.#agent = new EmbeddedAgent({ port: settings.agentPort });
    this.#narrator = new AgentNarrator(this.#agent, SERVICE);
  }

  async run(): Promise<number> {
    await serveAgentPage(this.#agent, { chaos: true });
    await this.#startAgent();
    try {
      say('agent', `listens on ${this.#agent.url}, in this process`);
      say('agent', `shows what it holds at ${this.#agent.url}/, and fails if you tell it to`);
      await requireFreePort(this.#settings.grpcPort, 'GRPC_PORT');
      if (!this.#stop.aborted) return await this.#runService();
      say('demo', `${this.#stop.reason}: the service was not started yet. Bye`);
      return 0;
    } finally {
      await this.#agent.stop();
    }
  }

  async #runService(): Promise<number> {
    const service = new ServiceProcess(serviceEnvironment(process.env, this.#settings, this.#agent.url));
    say(
      'demo',
      `Starting the service as process ${service.pid}, to listen on port ${this.#settings.grpcPort}`,
    );
    this.#stop.addEventListener('abort', () => this.#announceStop(), { once: true });
    const over = AbortSignal.any([this.#stop, service.gone]);
    const failure = await demonstrate(this.#agent, this.#settings, over).catch((error: unknown) => {
      // After an abort the error has no meaning.
      if (!over.aborted) return messageOf(error);
    });
    if (failure === undefined) await aborted(over);
    else complain(`The demonstration failed: ${failure}`);
    const end = await this.#takeLeave(service);
    if (failure !== undefined) return 1;
    return farewell(end, { asked: this.#stop.aborted, agent: this.#narrator });
  }

  async #takeLeave(service: ServiceProcess): Promise<ProcessEnd> {
    if (!service.gone.aborted) {
      await this.#awaitAgent(service.gone).catch((error: unknown) => complain(messageOf(error)));
      service.kill('SIGTERM');
      const limit = setTimeout(() => service.kill('SIGKILL'), LEAVE_LIMIT);
      await service.ended;
      clearTimeout(limit);
    }
    if (!this.#stop.aborted) await Promise.race([aborted(this.#stop), delay(SIGNAL_SKEW)]);
    return service.ended;
  }

  /** Waits until a restarting agent knows the service again, which can then deregister. */
  async #awaitAgent(gone: AbortSignal): Promise<void> {
    await this.#startAgent();
    if (!this.#narrator.hasRegistered) return;
    const known = this.#agent.waitFor(() => this.#agent.services().some(({ name }) => name === SERVICE), {
      timeout: RETURN_LIMIT,
    });
    // The shutdown follows in any case.
    await unlessAborted(gone, known).catch(() => undefined);
  }

  async #startAgent(): Promise<void> {
    try {
      await this.#agent.start();
    } catch (error) {
      throw unusablePort(this.#settings.agentPort, 'SIDECAR_AGENT_PORT', error);
    }
  }

  #announceStop(): void {
    // After the ^C of the terminal.
    if (process.stdout.isTTY) process.stdout.write('\n');
    say('demo', `${this.#stop.reason}: shutting down the service`);
  }
}
