import type ts from 'typescript';
import type { Source } from './source.js';
import { applyEdits, indentAt, type TextEdit } from './text-edits.js';

/** An element for `imports` or `controllers` of a module, and the names that it needs. */
export interface ModuleEntry {
  readonly list: 'imports' | 'controllers';
  /** The element, such as `HealthModule`. */
  readonly text: string;
  readonly needs: readonly { readonly name: string; readonly path: string }[];
}

/** The width at which Prettier wraps the files of the Nest CLI. */
const WIDTH = 80;

/**
 * Adds elements to the decorator of a module.
 *
 * @returns the new text, or why the file cannot be changed
 */
export function editRootModule(
  source: Source,
  className: string,
  entries: readonly ModuleEntry[],
): { text: string } | { problem: string } {
  const { ts } = source;
  const module = source
    .find((node) => ts.isClassDeclaration(node))
    .find(({ name }) => name?.text === className);
  const decorator = (module && ts.getDecorators(module))?.find(
    ({ expression }) => ts.isCallExpression(expression) && expression.expression.getText() === 'Module',
  );
  const call = decorator?.expression;
  const metadata = call && ts.isCallExpression(call) ? call.arguments[0] : undefined;
  if (!metadata || !ts.isObjectLiteralExpression(metadata)) {
    return { problem: `It has no class ${className} with @Module({ … })` };
  }
  const edits: TextEdit[] = [];
  for (const list of ['imports', 'controllers'] as const) {
    const texts = entries.filter((entry) => entry.list === list).map(({ text }) => text);
    if (texts.length === 0) continue;
    const property = metadata.properties.find((each) => each.name?.getText() === list);
    if (!property) edits.push(newList(source, metadata, list, texts));
    else if (ts.isPropertyAssignment(property) && ts.isArrayLiteralExpression(property.initializer)) {
      edits.push(...longerList(source, property.initializer, texts));
    } else return { problem: `Its ${list} are not a list in brackets` };
  }
  const imports = entries
    .flatMap(({ needs }) => needs)
    .flatMap(({ name, path }) => source.importEdits([name], path));
  return { text: applyEdits(source.text, [...imports, ...edits]) };
}

function newList(
  source: Source,
  metadata: ts.ObjectLiteralExpression,
  list: string,
  texts: readonly string[],
): TextEdit {
  const first = metadata.properties[0];
  const start = first?.getStart() ?? metadata.getStart() + 1;
  const indent = first ? indentAt(source.text, start) : `${indentAt(source.text, start)}  `;
  const property = `${list}: ${bracketed(texts, indent, `${list}: `)},`;
  const end = first ? `\n${indent}` : `\n${indent.slice(2)}`;
  return { start, end: start, text: `${first ? '' : `\n${indent}`}${property}${end}` };
}

function longerList(source: Source, list: ts.ArrayLiteralExpression, texts: readonly string[]): TextEdit[] {
  const { text } = source;
  const last = list.elements.at(-1);
  const isMultiLine = text.slice(list.getStart(), list.end).includes('\n');
  if (!last || !isMultiLine) {
    const known = list.elements.map((element) => element.getText());
    const indent = indentAt(text, list.getStart());
    const before = text.slice(text.lastIndexOf('\n', list.getStart()) + 1, list.getStart()).trimStart();
    const inner = text.slice(list.getStart() + 1, list.end - 1);
    // A comment between the brackets stays where it is.
    if (!/\/[/*]/.test(inner)) {
      return [
        { start: list.getStart(), end: list.end, text: bracketed([...known, ...texts], indent, before) },
      ];
    }
    const start = last?.end ?? list.getStart() + 1;
    return [{ start, end: start, text: (last ? ', ' : '') + texts.join(', ') }];
  }
  const indent = indentAt(text, last.getStart());
  return [{ start: last.end, end: last.end, text: texts.map((each) => `,\n${indent}${each}`).join('') }];
}

/** Writes a list in one line, or with a line for each element if that is too long. */
function bracketed(texts: readonly string[], indent: string, before: string): string {
  const line = `[${texts.join(', ')}]`;
  if (indent.length + before.length + line.length + 1 <= WIDTH) return line;
  return `[\n${texts.map((each) => `${indent}  ${each},\n`).join('')}${indent}]`;
}
