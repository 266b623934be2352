/** Everything that hangs on a value, hidden properties and bytes included, as one text. */
export function everythingOf(value: unknown, seen = new Set<unknown>()): string {
  if (typeof value !== 'object' || value === null || seen.has(value)) return String(value);
  seen.add(value);
  const bytes = ArrayBuffer.isView(value) ? Buffer.from(value.buffer).toString('latin1') : '';
  const keys = Reflect.ownKeys(value);
  return bytes + keys.map((key) => everythingOf(read(value, key), seen)).join('\n');
}

/** A getter of a prototype throws, since the prototype is not an instance. */
function read(value: object, key: PropertyKey): unknown {
  try {
    return Reflect.get(value, key);
  } catch {
    return undefined;
  }
}
