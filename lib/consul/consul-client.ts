import { type CallOptions, type SidecarAnswer, SidecarClient } from '../agent/client/sidecar-client.js';
import type { DeregisterRequest, DrainRequest } from '../agent/protocol/dialect.js';
import type { ServiceNode } from '../service/service-node.js';
import { holdProcessDuring } from '../support/timing/hold-process.js';
import type { ConsulAgent } from './consul-agent.js';
import { consulService, serviceId, ttlCheckId } from './consul-service.js';
import type { ConsulSettings } from './consul-settings.js';
import type { HeldInstance } from './held-instance.js';

/** What operators see at an instance that is drained. */
const REASON = 'drained by nestjs-sidecar-agent';

/** What the client and the event source share. */
export interface ConsulParts {
  readonly settings: ConsulSettings;
  readonly agent: ConsulAgent;
  readonly held: HeldInstance;
}

/**
 * Registers, drains and deregisters an instance at a Consul agent. A drain is the maintenance mode
 * of the instance.
 */
export class ConsulClient extends SidecarClient {
  readonly #parts: ConsulParts;

  constructor(parts: ConsulParts) {
    super();
    this.#parts = parts;
  }

  override async register(node: ServiceNode, options?: CallOptions): Promise<SidecarAnswer> {
    const { settings, held } = this.#parts;
    const definition = consulService(node, settings);
    const { ID: id } = definition;
    const { withdrawals } = held;
    // A process that was killed while it drained has left the maintenance mode, and perhaps other
    // checks. A replay must not lift the maintenance of an operator.
    const query = held.isInRotation(id) ? '' : '?replace-existing-checks=true';
    const body = Buffer.from(JSON.stringify(definition));
    await this.#put(`/v1/agent/service/register${query}`, options, body);
    // A TTL that was never passed is critical after a restart of the agent, and one that was
    // critical stays so through a register.
    await this.#put(`/v1/agent/check/pass/${encodeURIComponent(ttlCheckId(id))}`, options);
    if (held.withdrawals === withdrawals) held.hold(id);
    return { statusCode: 200, state: 'Registered', instanceId: id };
  }

  override async drain(request: DrainRequest, options?: CallOptions): Promise<SidecarAnswer> {
    const instanceId = this.#idOf(request);
    const query = `?enable=true&reason=${encodeURIComponent(REASON)}`;
    this.#parts.held.drain();
    const path = `/v1/agent/service/maintenance/${encodeURIComponent(instanceId)}${query}`;
    await holdProcessDuring(this.#put(path, options));
    return { statusCode: 200, state: 'Draining', instanceId };
  }

  override async deregister(request: DeregisterRequest, options?: CallOptions): Promise<SidecarAnswer> {
    const { held } = this.#parts;
    const instanceId = this.#idOf(request);
    // Before the call, so that the event source does not take the loss for that of another client.
    held.drain();
    held.release();
    const path = `/v1/agent/service/deregister/${encodeURIComponent(instanceId)}`;
    await holdProcessDuring(this.#put(path, options));
    return { statusCode: 200, state: 'Deregistered', instanceId };
  }

  override close(): Promise<void> {
    return this.#parts.agent.close();
  }

  async #put(path: string, options: CallOptions | undefined, body?: Uint8Array): Promise<void> {
    const { timeout, headers } = options ?? {};
    await this.#parts.agent.call({ method: 'PUT', path, body, headers }, { timeout });
  }

  #idOf({ serviceName, servicePort }: DeregisterRequest): string {
    return serviceId(serviceName, this.#parts.settings.address, servicePort);
  }
}
