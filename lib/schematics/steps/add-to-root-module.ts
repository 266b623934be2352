import type { Application } from '../application/application.js';
import type { Changes } from '../changes.js';
import { editRootModule, type ModuleEntry } from '../source/edit-root-module.js';
import { Source } from '../source/source.js';
import { leftAsItIs } from './left-as-it-is.js';

/** Adds those entries to the root module that the application does not have. */
export function addToRootModule(
  changes: Changes,
  { main, rootModule, project }: Application,
  entries: readonly ModuleEntry[],
): void {
  const { file, name } = rootModule ?? { file: `${project.sourceRoot}/app.module.ts`, name: 'AppModule' };
  const text = changes.read(file);
  const missing = entries.filter((entry) => text === undefined || !has(text, entry));
  if (missing.length === 0) return;
  const edited =
    main && rootModule && text !== undefined
      ? editRootModule(new Source(main.ts, text), name, missing)
      : undefined;
  if (edited && 'text' in edited) changes.write(file, edited.text);
  else {
    changes.isLeft = true;
    const unclear = `${project.main} does not tell which module is the root module`;
    changes.advise(file, leftAsItIs(edited?.problem ?? (main ? unclear : undefined)), byHand(missing));
  }
}

/** Returns whether the file has the element, and not only as the end of another name. */
function has(text: string, { text: entry }: ModuleEntry): boolean {
  return text.split(entry).some((before, index, { length }) => index < length - 1 && !/\w$/.test(before));
}

function byHand(entries: readonly ModuleEntry[]): string[] {
  const imports = entries
    .flatMap(({ needs }) => needs)
    .map(({ name, path }) => `import { ${name} } from '${path}';`);
  const lists = (['imports', 'controllers'] as const).flatMap((list) => {
    const texts = entries.filter((entry) => entry.list === list).map(({ text }) => `  ${text},`);
    return texts.length === 0 ? [] : [`${list}: [`, ...texts, '],'];
  });
  return [...imports, '', '// in @Module({ … })', ...lists];
}
