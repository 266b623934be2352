import { documentedFile } from '../../compat/support/user-project.js';
import type { Application } from './applications.js';

/** Adds the line of docs/testing.md to both settings of Jest. */
export function addJestLine(application: Application): void {
  const shown = JSON.parse(documentedFile('docs/testing.md', 'nest-11/package.json')) as { jest: object };
  expectOneLine(shown.jest);
  application.change((manifest) => Object.assign(manifest.jest ?? {}, shown.jest));
  const line = JSON.parse(documentedFile('docs/testing.md', 'nest-11/test/jest-e2e.json')) as object;
  expectOneLine(line);
  const settings = JSON.parse(application.read('test/jest-e2e.json')) as object;
  application.write('test/jest-e2e.json', JSON.stringify({ ...settings, ...line }));
}

function expectOneLine(settings: object): void {
  if (Object.keys(settings).length !== 1) throw new Error('docs/testing.md says that one line is enough');
}
