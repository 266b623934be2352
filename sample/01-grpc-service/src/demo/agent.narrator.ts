import type { AgentRequest, EmbeddedAgent } from 'nestjs-sidecar-agent/testing';
import { say } from './printer.js';

/** Prints the calls that the agent receives, and remembers the state of one service. */
export class AgentNarrator {
  readonly #agent: EmbeddedAgent;
  readonly #service: string;
  readonly #introduced = new Set<string>();
  #hasLeft = false;

  /** @param service the name of the service to remember; others may register too */
  constructor(agent: EmbeddedAgent, service: string) {
    this.#agent = agent;
    this.#service = service;
    agent.on('answer', (request) => this.#answered(request));
    agent.on('instance', ({ name, state }) => {
      if (state === 'Serving') say('agent', `${name} is Serving`);
    });
  }

  /** Whether the service has registered at least once. */
  get hasRegistered(): boolean {
    return this.#introduced.has(this.#service);
  }

  /** Whether the service has sent a deregister. */
  get hasLeft(): boolean {
    return this.#hasLeft;
  }

  #answered({ path, status, body }: AgentRequest): void {
    const name = nameOf(body);
    const accepted = status === 200;
    // A restarted agent does not know the service until the next register.
    const whom = accepted ? name : `${name} (unknown)`;
    switch (path) {
      case '/register':
        if (accepted) this.#registered(name);
        break;
      case '/drain':
        say('agent', `drain of ${whom}: no new calls, ${text(body, 'grace_period')} for those in flight`);
        break;
      case '/deregister':
        if (name === this.#service) this.#hasLeft = true;
        say('agent', `deregister of ${whom}: no calls at all`);
        break;
    }
  }

  #registered(name: string): void {
    const instance = this.#agent.services().find((held) => held.name === name);
    if (!instance) return;
    const { port, methods } = instance;
    const what = `on port ${port} with ${methods.length} ${methods.length === 1 ? 'method' : 'methods'}`;
    if (this.#introduced.has(name)) {
      say('agent', `${name} registered again, ${what}`);
      return;
    }
    this.#introduced.add(name);
    say('agent', `${name} registered, ${what}:`);
    for (const method of methods) say('agent', `  ${method}`);
  }
}

/** Returns the name of the service: a register has it in another field than the other calls. */
function nameOf(body: unknown): string {
  return text(field(body, 'service'), 'name') || text(body, 'service_name');
}

function text(value: unknown, name: string): string {
  const found = field(value, name);
  return typeof found === 'string' ? found : '';
}

function field(value: unknown, name: string): unknown {
  return typeof value === 'object' && value !== null ? Reflect.get(value, name) : undefined;
}
