import type { HttpAdapterHost, ModulesContainer } from '@nestjs/core';

/**
 * Returns whether a module is being built after its application was created: the application has
 * servers already. Then a `LazyModuleLoader` builds it, and after the start Nest runs no
 * `onModuleInit` or `onApplicationBootstrap` of such a module.
 */
export function isBuiltLate(modules: ModulesContainer, http: Pick<HttpAdapterHost, 'listening'>): boolean {
  let isLate = http.listening;
  // Nest replays the servers that it has.
  const servers = modules.getRpcTargetRegistry<unknown>().subscribe(() => (isLate = true));
  servers.unsubscribe();
  return isLate;
}
