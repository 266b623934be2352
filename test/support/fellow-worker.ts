import { PortWorkers } from '../../lib/workers/port-workers.js';

/** Stands for another process that serves the port of the greeter, and goes on. */
export class FellowWorker {
  /** How often it was told to register again. */
  recalls = 0;
  readonly questions: string[] = [];
  /** The dialect that it speaks; `unknown` at Consul. */
  answer = 'flat';
  readonly #workers = new PortWorkers({
    counted: () => {},
    recalled: () => (this.recalls += 1),
    asked: (question) => {
      this.questions.push(question);
      return this.answer;
    },
  });

  static async join(agent: { readonly url: string }, port: number): Promise<FellowWorker> {
    const fellow = new FellowWorker();
    await fellow.#workers.join({ agent: agent.url, service: 'greeter', port }, 'a fellow');
    return fellow;
  }

  /** Tells the others on the port that it has drained or deregistered what they share. */
  recallOthers(): Promise<void> {
    return this.#workers.recall('on port');
  }

  leave(): Promise<void> {
    return this.#workers.close();
  }
}
