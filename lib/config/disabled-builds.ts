import { AsyncLocalStorage } from 'node:async_hooks';

/**
 * `ConfigModule` gives a factory no dependency, and concurrent builds must not affect each other.
 */
const builds = new AsyncLocalStorage<true>();

/** Runs the build of an application whose modules are turned off: no setting is required in it. */
export function runDisabledBuild<T>(build: () => T): T {
  return builds.run(true, build);
}

/** Returns whether the caller runs in such a build. */
export function isDisabledBuild(): boolean {
  return builds.getStore() === true;
}
