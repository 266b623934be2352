import { readFileSync } from 'node:fs';

/** Returns the version of this package, as its package.json says. */
export function packageVersion(): string {
  // Two folders up from the built command line tool.
  const text = readFileSync(new URL('../../package.json', import.meta.url), 'utf8');
  return (JSON.parse(text) as { readonly version: string }).version;
}
