import { documentedFile } from '../../compat/support/user-project.js';
import type { Application } from './applications.js';

/** Adds the line of docs/testing.md to the settings of Jest in package.json. */
export function addJestLine(application: Application): void {
  const shown = JSON.parse(documentedFile('docs/testing.md', 'nest-11/package.json')) as { jest: object };
  expectOneLine(shown.jest);
  application.change((manifest) => Object.assign(manifest.jest ?? {}, shown.jest));
}

function expectOneLine(settings: object): void {
  if (Object.keys(settings).length !== 1) throw new Error('docs/testing.md says that one line is enough');
}
