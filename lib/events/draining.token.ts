import type { InjectionToken } from '@nestjs/common';

/**
 * Returns the injection token of the `AbortSignal` that `@Draining()` gives. Tests that create a
 * controller without a `SidecarAgentModule` provide a signal of their own with it.
 *
 * @param name the `name` of the module
 * @default none: the module without a name
 *
 * @example
 * ```ts
 * const draining = new AbortController();
 * const providers = [{ provide: getDrainingToken(), useValue: draining.signal }];
 * ```
 */
export function getDrainingToken(name?: string): InjectionToken {
  return name === undefined ? 'SidecarDraining' : `SidecarDraining:${name}`;
}
