/**
 * Says why a TypeScript file is not changed.
 *
 * @param problem what is wrong with the file, as a sentence; none if it was not read
 */
export function leftAsItIs(problem = 'The package typescript is not installed'): string {
  return `${problem}, so the file stays as it is. Add:`;
}
