import { distance as editDistance } from 'fastest-levenshtein';

/** Names are words of code; a longer text is not a misspelt one. */
const LONGEST_NAME = 64;

/**
 * Returns the end of a message about an unknown name, such as `` (did you mean `grpc`?)``, or an
 * empty text if no known name is close to it.
 *
 * @param given the name that is unknown
 * @param known the names that exist
 */
export function didYouMean(given: string, known: readonly string[]): string {
  const closest = closestName(given, known);
  return closest === undefined ? '' : ` (did you mean \`${closest}\`?)`;
}

/**
 * Returns the known name that is closest to the given one: the same but for case, `_` and `-`, or
 * different in at most one of three letters, and in three at most.
 */
export function closestName(given: string, known: readonly string[]): string | undefined {
  if (given.length > LONGEST_NAME) return undefined;
  let closest: string | undefined;
  let least = Infinity;
  for (const name of known) {
    const distance = distanceOf(lettersOf(given), lettersOf(name));
    if (distance < least) [closest, least] = [name, distance];
  }
  return closest;
}

/** Returns `Infinity` if the two have too little in common. */
function distanceOf(given: string, name: string): number {
  const most = Math.min(3, Math.floor(Math.max(given.length, name.length) / 3));
  const edits = editDistance(given, name);
  // Two letters that changed places are one mistake, and two edits.
  const distance = edits === 2 && sorted(given) === sorted(name) ? 1 : edits;
  return distance <= most ? distance : Infinity;
}

function lettersOf(name: string): string {
  return name.toLowerCase().replace(/[_-]/g, '');
}

function sorted(letters: string): string {
  return [...letters].sort().join('');
}
