import type { Application } from './application/application.js';
import type { Changes } from './changes.js';
import { DOCS } from './docs-folder.js';

/**
 * Returns what the developer reads at the end.
 *
 * @param isDry whether nothing is written
 * @param mustInstall whether the developer installs the packages that package.json has now
 */
export function reportOf(
  changes: Changes,
  { nest, isEsm, project, name }: Application,
  { isDry, mustInstall }: { readonly isDry: boolean; readonly mustInstall: boolean },
): string {
  const { written, examples, advice, notes, isLeft } = changes;
  const kind = `Nest ${nest}, ${isEsm ? 'ES modules' : 'CommonJS'}, sources in ${project.sourceRoot}`;
  const start = `npm run start:dev${project.name === undefined ? '' : ` -- ${project.name}`}`;
  const added = written.length === 0 ? 'nothing to change in' : isDry ? 'would be added to' : 'added to';
  return [
    `nestjs-sidecar-agent: ${isLeft ? 'a part is left for you in' : added} ${name} (${kind})`,
    ...section(
      'Kept:',
      notes.map((note) => `  ${note}`),
    ),
    ...section(
      'Replace by your own:',
      examples.map(({ file, what }) => `  ${file}: ${what}`),
    ),
    ...advice.flatMap(({ file, text, lines }) => [
      '',
      `Left for you: ${file}`,
      `  ${text}`,
      ...(lines.length > 0 ? [''] : []),
      ...lines.map((line) => (line === '' ? '' : `    ${line}`)),
    ]),
    ...(mustInstall ? section('package.json has new packages. Then:', ['  npm install']) : []),
    ...section(
      isLeft || (isDry && written.length > 0) ? 'After that, in two terminals:' : 'Try it, in two terminals:',
      ['  npx nestjs-sidecar-agent agent', `  ${start}`],
    ),
    ...(project.name === undefined
      ? []
      : ['  # two projects at a time: a GRPC_PORT and a PORT of its own for each']),
    '',
    `Next: ${DOCS}/getting-started.md`,
  ].join('\n');
}

function section(title: string, lines: readonly string[]): string[] {
  return lines.length === 0 ? [] : ['', title, ...lines];
}
