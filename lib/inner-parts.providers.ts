import type { FactoryProvider, InjectionToken, Logger } from '@nestjs/common';
import { type SidecarAnswer, SidecarClient } from './agent/client/sidecar-client.js';
import { agentKindOf } from './agent/connection/agent-endpoint.js';
import { SidecarEventSource } from './agent/watch/sidecar-event-source.js';
import { WatchService } from './agent/watch/watch.service.js';
import { InFlightCalls } from './in-flight/in-flight-calls.js';
import { LOGGER, RESOLVED_OPTIONS, type InnerPart, INNER_PARTS } from './inner-tokens.js';
import type { ResolvedOptions } from './options/resolved-options.js';
import { RegistrationController } from './registration/registration-controller.js';
import { ServiceUpdates } from './registration/service-updates.js';
import { SidecarAgent } from './sidecar-agent.js';
import { getSidecarAgentToken } from './sidecar-agent.token.js';
import { NO_FACTS } from './status/registration-facts.js';
import { SidecarStatusService } from './status/sidecar-status.service.js';
import { isBound } from './support/bind-members.js';
import { completeDouble } from './support/complete-double.js';
import { hasMethods } from './support/shape.js';
import { SidecarClock, SystemClock } from './support/timing/sidecar-clock.js';

/**
 * Returns providers of the parts for use inside the module. A test may replace each public part
 * with a double that has only some of its members; the module works with that double completed, and
 * other code gets the double itself.
 */
export function innerParts(name?: string): FactoryProvider[] {
  const token = (part: Parameters<typeof getSidecarAgentToken>[1]) => getSidecarAgentToken(name, part);
  return [
    innerPart(INNER_PARTS.clock, SidecarClock, SidecarClock, [SidecarClock], clockFor),
    innerPart(INNER_PARTS.client, SidecarClient, token(SidecarClient), [], () => new DisabledClient()),
    innerPart(INNER_PARTS.source, SidecarEventSource, SidecarEventSource, [], () => new DisabledSource()),
    innerPart(
      INNER_PARTS.watch,
      WatchService,
      token(WatchService),
      [RESOLVED_OPTIONS, INNER_PARTS.clock],
      disabledWatch,
    ),
    innerPart(
      INNER_PARTS.status,
      SidecarStatusService,
      token(SidecarStatusService),
      [InFlightCalls],
      (calls: InFlightCalls) => new SidecarStatusService(NO_FACTS, calls),
    ),
    innerPart(
      INNER_PARTS.registration,
      RegistrationController,
      token(RegistrationController),
      DISABLED_REGISTRATION,
      disabledRegistration,
    ),
    innerPart(INNER_PARTS.agent, SidecarAgent, token(SidecarAgent), DISABLED_REGISTRATION, disabledAgent),
  ];
}

/** @param disabled builds the part that a double is completed with, from what is injected for it */
function innerPart<Part extends object, Injected extends unknown[]>(
  provide: symbol,
  part: abstract new (...args: never[]) => Part,
  token: InjectionToken,
  inject: InjectionToken[],
  disabled: (...injected: Injected) => Part,
): FactoryProvider<InnerPart<Part>> {
  return {
    provide,
    inject: [token, ...inject],
    useFactory: (given: unknown, ...injected: Injected) => ({
      part: isComplete(given, part) ? given : completeDouble(given, disabled(...injected)),
    }),
  };
}

/**
 * Returns whether a part works as it is: one that the module has created, or one of a class of your
 * own. A stub that is made of the prototype alone, as `sinon.createStubInstance()` makes it, lacks
 * the fields of its class.
 */
function isComplete<Part extends object>(
  given: unknown,
  part: abstract new (...args: never[]) => Part,
): given is Part {
  if (!(given instanceof part)) return false;
  return isBound(given) || Object.getPrototypeOf(given) !== part.prototype;
}

/** If `after` of a double returns nothing, the system's clock must not run the task as well. */
function clockFor(double: unknown): SidecarClock {
  const clock = new SystemClock();
  if (hasMethods(double, 'after')) clock.after = () => () => {};
  return clock;
}

/** Accepts every call and sends nothing. */
class DisabledClient extends SidecarClient {
  override register(): Promise<SidecarAnswer> {
    return Promise.resolve({});
  }

  override drain(): Promise<SidecarAnswer> {
    return Promise.resolve({});
  }

  override deregister(): Promise<SidecarAnswer> {
    return Promise.resolve({});
  }
}

/** Never connects. */
class DisabledSource extends SidecarEventSource {
  override watch(_onEvent: unknown, signal: AbortSignal): Promise<void> {
    return new Promise((resolve) => signal.addEventListener('abort', () => resolve(), { once: true }));
  }
}

function disabledWatch(options: ResolvedOptions, { part: clock }: InnerPart<SidecarClock>): WatchService {
  return new WatchService(new DisabledSource(), options, clock);
}

const DISABLED_REGISTRATION = [
  RESOLVED_OPTIONS,
  INNER_PARTS.status,
  InFlightCalls,
  INNER_PARTS.clock,
  LOGGER,
];

/** Does what a registration does that is turned off. */
function disabledRegistration(
  options: ResolvedOptions,
  { part: status }: InnerPart<SidecarStatusService>,
  calls: InFlightCalls,
  clock: InnerPart<SidecarClock>,
  logger: Logger,
): RegistrationController {
  const settings = { ...options, enabled: false };
  const agent = { client: new DisabledClient(), watch: disabledWatch(options, clock) };
  return new RegistrationController({ settings, ...agent, status, calls, clock: clock.part, logger });
}

function disabledAgent(...parts: Parameters<typeof disabledRegistration>): SidecarAgent {
  const [options, , calls, { part: clock }] = parts;
  const registration = disabledRegistration(...parts);
  const buildNode = () => Promise.reject(new Error('the module is turned off'));
  const rules = { protocol: options.identity.protocol, kind: agentKindOf(options.endpoint) };
  const updates = new ServiceUpdates(registration, buildNode, rules, clock);
  return new SidecarAgent(registration, updates, calls, false);
}
