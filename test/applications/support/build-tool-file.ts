import { documentedFile } from '../../compat/support/user-project.js';

/** Returns a file of docs/build-tools.md, for an application of this version of Nest. */
export function buildToolFile(nest: 11 | 12, file: string): string {
  return documentedFile('docs/build-tools.md', `nest-${nest}/${file}`);
}
