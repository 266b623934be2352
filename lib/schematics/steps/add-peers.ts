import { parse } from 'jsonc-parser';
import { recordAt, type Application } from '../application/application.js';
import { editJson } from '../application/edit-json.js';
import { RANGES, type Peer } from '../application/peer-ranges.js';
import type { Changes } from '../changes.js';

/**
 * Adds the packages to package.json that the application lacks.
 *
 * @returns their names
 */
export function addPeers(changes: Changes, { nest }: Application, peers: readonly Peer[]): string[] {
  let text = changes.read('package.json') ?? '{}';
  const manifest: unknown = parse(text);
  const keys = ['dependencies', 'devDependencies', 'peerDependencies', 'optionalDependencies'];
  const known = keys.flatMap((key) => Object.keys(recordAt(manifest, key)));
  const missing = peers.filter((peer) => !known.includes(peer));
  for (const peer of missing) text = editJson(text, ['dependencies', peer], RANGES[peer](nest), true);
  changes.write('package.json', text);
  return missing;
}
