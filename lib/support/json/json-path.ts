/** Writes the path of a value in a JSON document: `services[1].methods[0]`. */
export function formatJsonPath(path: readonly PropertyKey[]): string {
  return path
    .map((key) => (typeof key === 'number' ? `[${key}]` : `.${String(key)}`))
    .join('')
    .replace(/^\./, '');
}
