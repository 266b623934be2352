import { createRequire } from 'node:module';

/**
 * Returns a `require` for packages that are loaded later, which tries again after a failure, such
 * as too many open files. Node keeps the failure of an `import()` forever.
 *
 * The packages are looked up now: if Node cannot read a package.json once, it never finds that
 * package again.
 */
export function lateRequire(...packages: readonly string[]): (path: string) => unknown {
  const require = createRequire(import.meta.url);
  for (const name of packages) {
    try {
      require.resolve(name);
    } catch {
      // The load tells what is wrong.
    }
  }
  return (path) => require(path) as unknown;
}
