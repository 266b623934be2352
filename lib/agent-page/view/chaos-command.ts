/** The calls that the page lets fail or answers late. */
export const CHAOS_PATHS = ['/register', '/drain', '/deregister', '/watch'] as const;

export type ChaosPath = (typeof CHAOS_PATHS)[number];

/** How the page lets the agent fail. */
export type ChaosCommand =
  | { readonly action: 'drop-streams' | 'silence' | 'unsilence' | 'restart' }
  | { readonly action: 'fail-next'; readonly path: ChaosPath; readonly status: number }
  | { readonly action: 'delay-next'; readonly path: ChaosPath; readonly milliseconds: number }
  | { readonly action: 'lose' | 'forget-routes'; readonly service: string };
