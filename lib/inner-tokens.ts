import type { ModulesContainer } from '@nestjs/core';
import type { PrepareOptions } from './options/prepare-options.js';
import type { RegistrationKeeper } from './registration-file/registration-keeper.js';

/** An object with `prepare`, if the module registers with another agent than a sidecar-agent. */
export const OTHER_AGENT = Symbol('SidecarAgentOtherAgent');

/** The value of {@link OTHER_AGENT}. */
export interface OtherAgent {
  readonly prepare?: PrepareOptions;
}

/** The options, checked and completed. */
export const RESOLVED_OPTIONS = Symbol('SidecarAgentResolvedOptions');

/** Nest's logger, with the name of the module. */
export const LOGGER = Symbol('SidecarAgentLogger');

/**
 * An object with `keeper`, which keeps the registration in a file; without it if nothing is kept. A
 * provider is always an object, since `instrument.instanceDecorator` may be unable to wrap `null`.
 */
export const KEPT_BY = Symbol('SidecarAgentRegistrationKeeper');

/** The value of {@link KEPT_BY}. */
export interface KeptBy {
  readonly keeper?: RegistrationKeeper;
}

/** An object with `modules`, the modules of the application: see `readableModules`. */
export const NEST_MODULES = Symbol('SidecarAgentNestModules');

/** The value of {@link NEST_MODULES}. */
export interface NestModules {
  readonly modules: ModulesContainer;
}

/** The `AbortController` of the signal that `@Draining()` gives. */
export const DRAINING = Symbol('SidecarAgentDraining');

/** Holds a part: Nest would run the hooks of a part twice that two tokens provide. */
export interface InnerPart<Part> {
  readonly part: Part;
}

/** The public parts in holders, completed if a test has replaced them with doubles. */
export const INNER_PARTS = {
  clock: Symbol('InnerSidecarClock'),
  client: Symbol('InnerSidecarClient'),
  source: Symbol('InnerSidecarEventSource'),
  watch: Symbol('InnerWatchService'),
  status: Symbol('InnerSidecarStatusService'),
  registration: Symbol('InnerRegistrationController'),
  agent: Symbol('InnerSidecarAgent'),
} as const;
