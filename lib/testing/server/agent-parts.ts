import type { EmbeddedAgentOptions } from '../embedded-agent-options.js';
import { AgentEvents } from './agent-events.js';
import { AgentLifecycle } from './agent-lifecycle.js';
import { RequestLog } from './request-log.js';
import { RouteDocuments } from './route-documents.js';
import { RunningAgent } from './running-agent.js';
import { ScriptedFaults } from './scripted-faults.js';

/** What an agent keeps when it is stopped, and the running agent of the moment. */
export class AgentParts {
  readonly options: Readonly<Required<EmbeddedAgentOptions>>;
  readonly events = new AgentEvents();
  readonly log = new RequestLog();
  readonly faults = new ScriptedFaults();
  readonly routes = new RouteDocuments();
  readonly lifecycle: AgentLifecycle;
  /** Whether streams get no heartbeats. */
  isSilent = false;

  constructor(options: Readonly<Required<EmbeddedAgentOptions>>) {
    this.options = options;
    this.lifecycle = new AgentLifecycle({
      port: options.port,
      create: () => new RunningAgent(this),
      onChange: () => this.events.touch(),
    });
  }
}
