import { textAnswer } from './http-answer.js';
import type { AgentAnswer } from './http-answer.js';
import type { AgentAction } from '../wire/agent-dialect.js';

/** What a path is for. */
export type AgentRoute =
  | { readonly method: 'POST'; readonly action: AgentAction }
  | { readonly method: 'GET'; readonly page: 'watch' | 'healthz' | 'services' };

const ROUTES = {
  '/register': { method: 'POST', action: 'register' },
  '/drain': { method: 'POST', action: 'drain' },
  '/deregister': { method: 'POST', action: 'deregister' },
  '/watch': { method: 'GET', page: 'watch' },
  '/healthz': { method: 'GET', page: 'healthz' },
  '/debug/services': { method: 'GET', page: 'services' },
} as const satisfies Readonly<Record<string, AgentRoute>>;

/** A path the agent serves. */
export type AgentPath = keyof typeof ROUTES;

/** The paths the agent serves. */
export const AGENT_PATHS: readonly string[] = Object.keys(ROUTES);

/** Finds what a request is for, or the answer to one that is for nothing: 404, or 405 with the method to take. */
export function routeOf(method: string, path: string): AgentRoute | AgentAnswer {
  if (!isAgentPath(path)) return textAnswer(404, '404 page not found');
  const route = ROUTES[path];
  return route.method === method ? route : textAnswer(405, 'Method Not Allowed', { allow: route.method });
}

export function isAgentPath(path: string): path is AgentPath {
  return Object.hasOwn(ROUTES, path);
}
