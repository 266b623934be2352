import type { AgentAction } from '../wire/agent-command.js';
import { textAnswer } from '../wire/http-answer.js';
import type { HttpAnswer } from '../wire/http-answer.js';

/** The purpose of a path: a call that changes instances, or a page to read. */
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

/** A path that the agent serves. */
export type AgentPath = keyof typeof ROUTES;

/** All paths that the agent serves. */
export const AGENT_PATHS: readonly string[] = Object.keys(ROUTES);

/** Returns the route of a request, or a 404 or 405 answer if the agent does not serve it. */
export function routeOf(method: string, path: string): AgentRoute | HttpAnswer {
  if (!isAgentPath(path)) return textAnswer(404, '404 page not found');
  const route = ROUTES[path];
  return route.method === method ? route : textAnswer(405, 'Method Not Allowed', { allow: route.method });
}

export function isAgentPath(path: string): path is AgentPath {
  return Object.hasOwn(ROUTES, path);
}
