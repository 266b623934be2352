import { type CallOptions, type SidecarAnswer, SidecarClient } from '../agent/client/sidecar-client.js';
import type { DeregisterRequest, DrainRequest } from '../agent/protocol/dialect.js';
import type { ServiceNode } from '../service/service-node.js';
import { holdProcessDuring } from '../support/timing/hold-process.js';
import type { SidecarClock } from '../support/timing/sidecar-clock.js';
import type { ConsulAgent } from './consul-agent.js';
import { consulService, serviceId } from './consul-service.js';
import type { ConsulSettings } from './consul-settings.js';
import type { HeldInstance } from './held-instance.js';

/** What the client and the event source share. */
export interface ConsulParts {
  readonly settings: ConsulSettings;
  readonly agent: ConsulAgent;
  readonly held: HeldInstance;
  readonly clock: SidecarClock;
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
    const { settings, agent, held, clock } = this.#parts;
    const startedAt = clock.elapsed();
    const { timeout = agent.requestTimeout, headers } = options ?? {};
    const definition = consulService(node, settings);
    const { ID: id } = definition;
    const { withdrawals } = held;
    // A process that was killed while it drained has left its maintenance mode, and perhaps other
    // checks. A replay leaves the maintenance mode of an operator alone.
    const isReplaced = !held.isInRotation(id) || options?.undoesDrain === true;
    await agent.register(definition, isReplaced, { timeout, headers });
    // A TTL that was never passed is critical after a restart of the agent, and a register leaves
    // one critical that is.
    const rest = Math.ceil(startedAt + timeout - clock.elapsed());
    await agent.pass(id, { timeout: Math.max(1, rest), headers });
    if (held.withdrawals === withdrawals) held.hold(id);
    return { statusCode: 200, state: 'Registered', instanceId: id };
  }

  override async drain(request: DrainRequest, options?: CallOptions): Promise<SidecarAnswer> {
    const { agent, held } = this.#parts;
    const instanceId = this.#idOf(request);
    held.withdraw();
    await holdProcessDuring(agent.drain(instanceId, options));
    return { statusCode: 200, state: 'Draining', instanceId };
  }

  override async deregister(request: DeregisterRequest, options?: CallOptions): Promise<SidecarAnswer> {
    const { agent, held } = this.#parts;
    const instanceId = this.#idOf(request);
    held.withdraw();
    // Before the call: the event source must not take the loss for the doing of another client.
    held.release();
    await holdProcessDuring(agent.deregister(instanceId, options));
    return { statusCode: 200, state: 'Deregistered', instanceId };
  }

  override close(): Promise<void> {
    return this.#parts.agent.close();
  }

  #idOf({ serviceName, servicePort }: DeregisterRequest): string {
    return serviceId(serviceName, this.#parts.settings.address, servicePort);
  }
}
