import type { CompleteAgentOptions } from '../embedded-agent-options.js';
import type { AgentExtension } from './agent-extension.js';
import { AgentEvents } from './agent-events.js';
import { AgentLifecycle } from './agent-lifecycle.js';
import { RequestLog } from './request-log.js';
import { RouteDocuments } from './route-documents.js';
import { RunningAgent } from './running-agent.js';
import { ScriptedFaults } from './scripted-faults.js';

/** What an agent keeps when it is stopped, and the running agent of the moment. */
export class AgentParts {
  readonly options: CompleteAgentOptions;
  readonly events = new AgentEvents();
  readonly log = new RequestLog();
  readonly faults = new ScriptedFaults();
  readonly routes = new RouteDocuments();
  readonly lifecycle: AgentLifecycle;
  /** Whether streams get no heartbeats. */
  isSilent = false;
  extension: AgentExtension | undefined;

  constructor(options: CompleteAgentOptions) {
    this.options = options;
    this.lifecycle = new AgentLifecycle({
      port: options.port,
      create: () => new RunningAgent(this),
      onChange: () => {
        this.extension?.runningChanged(this.lifecycle.running !== undefined);
        this.events.touch();
      },
    });
  }
}
