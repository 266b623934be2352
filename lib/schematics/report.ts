import type { Application } from './application/application.js';
import type { Changes } from './changes.js';

/** Returns what the developer reads at the end. */
export function reportOf(changes: Changes, { nest, isEsm, project, name }: Application): string {
  const { written, examples, advice } = changes;
  const kind = `Nest ${nest}, ${isEsm ? 'ES modules' : 'CommonJS'}, sources in ${project.sourceRoot}`;
  const start = `npm run start:dev${project.name === undefined ? '' : ` -- ${project.name}`}`;
  return [
    written.length === 0
      ? `nestjs-sidecar-agent: nothing to change in ${name} (${kind})`
      : `nestjs-sidecar-agent: added to ${name} (${kind})`,
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
    ...section('Try it, in two terminals:', ['  npx nestjs-sidecar-agent agent', `  ${start}`]),
    '',
    'Next: node_modules/nestjs-sidecar-agent/docs/getting-started.md',
  ].join('\n');
}

function section(title: string, lines: readonly string[]): string[] {
  return lines.length === 0 ? [] : ['', title, ...lines];
}
