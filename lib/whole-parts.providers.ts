import type { FactoryProvider, InjectionToken, Logger } from '@nestjs/common';
import { type SidecarAnswer, SidecarClient } from './agent/client/sidecar-client.js';
import { SidecarEventSource } from './agent/watch/sidecar-event-source.js';
import { WatchService } from './agent/watch/watch.service.js';
import { InFlightCalls } from './in-flight/in-flight-calls.js';
import { LOGGER, RESOLVED_OPTIONS, type Whole, WHOLE } from './inner-tokens.js';
import type { ResolvedOptions } from './options/resolved-options.js';
import { RegistrationController } from './registration/registration-controller.js';
import { ServiceUpdates } from './registration/service-updates.js';
import { SidecarAgent } from './sidecar-agent.js';
import { getSidecarAgentToken } from './sidecar-agent.token.js';
import { NO_FACTS } from './status/registration-facts.js';
import { SidecarStatusService } from './status/sidecar-status.service.js';
import { isBound } from './support/bind-members.js';
import { completed } from './support/completed.js';
import { hasMethods } from './support/shape.js';
import { SidecarClock, SystemClock } from './support/timing/sidecar-clock.js';

/**
 * Returns providers of the parts for use inside the module. A test may replace each public part
 * with a double that has only some of its members; the module works with that double completed, and
 * other code gets the double itself.
 */
export function wholeParts(name?: string): FactoryProvider[] {
  const token = (part: Parameters<typeof getSidecarAgentToken>[1]) => getSidecarAgentToken(name, part);
  return [
    whole(WHOLE.clock, SidecarClock, SidecarClock, [], clockFor),
    whole(WHOLE.client, SidecarClient, token(SidecarClient), [], () => new SilentClient()),
    whole(WHOLE.source, SidecarEventSource, SidecarEventSource, [], () => new SilentSource()),
    whole(WHOLE.watch, WatchService, token(WatchService), [RESOLVED_OPTIONS, WHOLE.clock], silentWatch),
    whole(
      WHOLE.status,
      SidecarStatusService,
      token(SidecarStatusService),
      [InFlightCalls],
      (_double, calls: InFlightCalls) => new SidecarStatusService(NO_FACTS, calls),
    ),
    whole(
      WHOLE.registration,
      RegistrationController,
      token(RegistrationController),
      SILENT_REGISTRATION,
      silentRegistration,
    ),
    whole(WHOLE.agent, SidecarAgent, token(SidecarAgent), SILENT_REGISTRATION, silentAgent),
  ];
}

/** @param silent builds the part that a double is completed with, from what is injected for it */
function whole<Part extends object, Injected extends unknown[]>(
  provide: symbol,
  part: abstract new (...args: never[]) => Part,
  token: InjectionToken,
  inject: InjectionToken[],
  silent: (double: unknown, ...injected: Injected) => Part,
): FactoryProvider<Whole<Part>> {
  return {
    provide,
    inject: [token, ...inject],
    useFactory: (given: unknown, ...injected: Injected) => ({
      part: isWhole(given, part) ? given : completed(given, silent(given, ...injected)),
    }),
  };
}

/**
 * Returns whether a part works as it is: one that the module has created, or one of a class of your
 * own. A stub that is made of the prototype alone, as `sinon.createStubInstance()` makes it, lacks
 * the fields of its class.
 */
function isWhole<Part extends object>(
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
class SilentClient extends SidecarClient {
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
class SilentSource extends SidecarEventSource {
  override watch(_onEvent: unknown, signal: AbortSignal): Promise<void> {
    return new Promise((resolve) => signal.addEventListener('abort', () => resolve(), { once: true }));
  }
}

function silentWatch(
  _double: unknown,
  options: ResolvedOptions,
  { part: clock }: Whole<SidecarClock>,
): WatchService {
  return new WatchService(new SilentSource(), options, clock);
}

const SILENT_REGISTRATION = [RESOLVED_OPTIONS, WHOLE.status, InFlightCalls, WHOLE.clock, LOGGER];

/** Does what a registration does that is turned off. */
function silentRegistration(
  _double: unknown,
  options: ResolvedOptions,
  { part: status }: Whole<SidecarStatusService>,
  calls: InFlightCalls,
  clock: Whole<SidecarClock>,
  logger: Logger,
): RegistrationController {
  const settings = { ...options, enabled: false };
  const agent = { client: new SilentClient(), watch: silentWatch(undefined, options, clock) };
  return new RegistrationController({ settings, ...agent, status, calls, clock: clock.part, logger });
}

function silentAgent(...parts: Parameters<typeof silentRegistration>): SidecarAgent {
  const [, options, , calls, { part: clock }] = parts;
  const registration = silentRegistration(...parts);
  const buildNode = () => Promise.reject(new Error('the module is turned off'));
  const updates = new ServiceUpdates(registration, buildNode, options.identity.protocol, clock);
  return new SidecarAgent(registration, updates, calls, false);
}
