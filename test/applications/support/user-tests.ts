import { documentedFile } from '../../compat/support/user-project.js';
import type { Application } from './applications.js';

type Runner = 'jest' | 'vitest';

/** Returns the test that docs/testing.md shows. Both runners have global functions here. */
export function documentedTest(runner: Runner): string {
  const text = documentedFile('docs/testing.md', 'auth.spec.ts');
  return inModulesOf(runner, text.replace(/^import .* from '(@jest\/globals|vitest)';\n/m, ''));
}

/** Returns a test that imports every entry point of the installed package. */
export function entryPointsTest(application: Application, runner: Runner): string {
  const manifest = application.read('node_modules/nestjs-sidecar-agent/package.json');
  const { exports } = JSON.parse(manifest) as { exports: Record<string, unknown> };
  const names = Object.keys(exports).filter((entry) => entry !== './package.json');
  const imports = names.map(
    (entry, index) => `import * as entry${index} from 'nestjs-sidecar-agent${entry.slice(1)}';\n`,
  );
  const list = names.map((_, index) => `entry${index}`).join(', ');
  const test = `it('imports every entry point', () => {
  for (const entry of [${list}]) expect(Object.keys(entry)).not.toEqual([]);
});
`;
  return inModulesOf(runner, imports.join('') + test);
}

/** Nest 11 generates imports without an extension. */
function inModulesOf(runner: Runner, text: string): string {
  return runner === 'jest' ? text.replace(/(from '\.[^']*)\.js'/g, "$1'") : text;
}
