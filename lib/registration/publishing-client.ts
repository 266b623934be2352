import { type CallOptions, type SidecarAnswer, SidecarClient } from '../agent/client/sidecar-client.js';
import type { AgentEndpoint } from '../agent/connection/agent-endpoint.js';
import type { DeregisterRequest, DrainRequest } from '../agent/protocol/dialect.js';
import { callChannels } from '../channels/sidecar-channels.js';
import type { SidecarCallMessage } from '../channels/sidecar-messages.js';
import type { ServiceNode } from '../service/service-node.js';
import type { SidecarStatusService } from '../status/sidecar-status.service.js';

/** What the messages of the calls tell of the module. */
export interface PublishingClientParts {
  readonly client: SidecarClient;
  readonly status: SidecarStatusService;
  readonly settings: { readonly endpoint: AgentEndpoint };
}

/**
 * Tells the channels of `node:diagnostics_channel` of each call, and sends the headers that their
 * subscribers add. Without subscribers it makes the call and nothing else.
 */
export class PublishingClient extends SidecarClient {
  readonly #parts: PublishingClientParts;

  constructor(parts: PublishingClientParts) {
    super();
    this.#parts = parts;
  }

  override register(node: ServiceNode, options?: CallOptions): Promise<SidecarAnswer> {
    const { client } = this.#parts;
    return this.#call('register', node.service.name, options, (all) => client.register(node, all));
  }

  override drain(request: DrainRequest, options?: CallOptions): Promise<SidecarAnswer> {
    const { client } = this.#parts;
    return this.#call('drain', request.serviceName, options, (all) => client.drain(request, all));
  }

  override deregister(request: DeregisterRequest, options?: CallOptions): Promise<SidecarAnswer> {
    const { client } = this.#parts;
    return this.#call('deregister', request.serviceName, options, (all) => client.deregister(request, all));
  }

  override close(): Promise<void> {
    return this.#parts.client.close();
  }

  #call(
    operation: SidecarCallMessage['operation'],
    serviceName: string,
    options: CallOptions | undefined,
    call: (options: CallOptions | undefined) => Promise<SidecarAnswer>,
  ): Promise<SidecarAnswer> {
    const channel = callChannels[operation];
    if (!channel.hasSubscribers) return call(options);
    const { status, settings } = this.#parts;
    const { origin, socketPath } = settings.endpoint;
    const message: SidecarCallMessage = {
      operation,
      serviceName,
      source: status,
      url: origin,
      socketPath,
      headers: {},
      run: (work) => work(),
    };
    // A client of your own may throw at once: to subscribers, that is a call that failed.
    const made = async () => message.run(() => call({ ...options, headers: message.headers }));
    return channel.tracePromise(made, message);
  }
}
