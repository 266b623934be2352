/**
 * Returns the one object of a kind in this process. Every copy of the package finds the same one,
 * so its public members are a contract between copies.
 */
export function processWide<Kind extends object>(name: string, create: () => Kind): Kind {
  const key = Symbol.for(`nestjs-sidecar-agent:${name}`);
  const found = Reflect.get(globalThis, key) as Kind | undefined;
  if (found) return found;
  const created = create();
  Reflect.defineProperty(globalThis, key, { value: created });
  return created;
}
