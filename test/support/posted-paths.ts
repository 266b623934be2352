/** Returns the paths of an agent's POSTs, oldest first: register, drain and deregister. */
export function postedPaths(
  requests: readonly { readonly method?: string; readonly path: string }[],
): string[] {
  return requests.filter(({ method }) => method === 'POST').map(({ path }) => path);
}
