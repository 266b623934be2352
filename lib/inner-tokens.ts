/** The options, checked and completed. */
export const RESOLVED_OPTIONS = Symbol('SidecarAgentResolvedOptions');

/** Nest's logger, with the name of the module. */
export const LOGGER = Symbol('SidecarAgentLogger');

/** What keeps the registration in a file; `null` if it is not kept. */
export const KEEPER = Symbol('SidecarAgentRegistrationKeeper');
