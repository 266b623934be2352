interface Level {
  /** The keys so far of an object; an array has none. */
  readonly keys?: Set<string>;
  readonly path: string;
  /** The key, or the place in the array, of the value that is read. */
  at: string | number;
}

const TOKEN = /"(?:[^"\\]|\\.)*"(\s*:)?|[{}[\],]/g;

/**
 * The paths of the keys that stand twice in an object of a JSON text. `JSON.parse` says nothing of them and keeps the last,
 * so that a `methods` written twice would lose half of them.
 *
 * @param json text that `JSON.parse` takes
 */
export function repeatedKeys(json: string): string[] {
  const repeated: string[] = [];
  const levels: Level[] = [];
  for (const [token, colon] of json.matchAll(TOKEN)) {
    const level = levels.at(-1);
    if (token === '{' || token === '[') {
      const path = level ? below(level) : '';
      levels.push(token === '{' ? { keys: new Set(), path, at: '' } : { path, at: 0 });
    } else if (token === '}' || token === ']') {
      levels.pop();
    } else if (token === ',') {
      if (level && typeof level.at === 'number') level.at += 1;
    } else if (level?.keys && colon !== undefined) {
      level.at = JSON.parse(token.slice(0, -colon.length)) as string;
      if (level.keys.has(level.at)) repeated.push(below(level));
      level.keys.add(level.at);
    }
  }
  return repeated;
}

function below({ path, at }: Level): string {
  if (typeof at === 'number') return `${path}[${at}]`;
  return path === '' ? at : `${path}.${at}`;
}
