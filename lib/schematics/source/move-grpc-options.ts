import type ts from 'typescript';
import type { Source } from './source.js';
import { applyEdits, indentAt, type TextEdit } from './text-edits.js';

/** The texts of the main file and of the new file with the options. */
export interface MovedOptions {
  readonly main: string;
  readonly options: string;
}

/** Names that every file knows. */
const GLOBALS = ['__dirname', '__filename', 'process', 'undefined', 'Number', 'String', 'URL'];

/**
 * Moves the options of a gRPC server from the main file into one beside it.
 *
 * @param path what the main file imports the constant `grpcOptions` from
 * @returns why they must stay, if they need what the main file declares
 */
export function moveGrpcOptions(
  source: Source,
  literal: ts.ObjectLiteralExpression,
  path: string,
): MovedOptions | { problem: string } {
  const names = namesUsedBy(source, literal);
  const unknown = names.find((name) => !GLOBALS.includes(name) && source.importOf(name) === undefined);
  if (unknown !== undefined) {
    return { problem: `The options of its gRPC server need ${unknown}, which another file cannot import` };
  }
  const imported = names.filter((name) => source.importOf(name) !== undefined);
  const before = indentAt(source.text, literal.getStart());
  const options = literal.getText().replaceAll(`\n${before}`, '\n');
  const edits: TextEdit[] = [
    ...withoutImports(source, literal, imported),
    ...source.importEdits(['grpcOptions'], path),
    { start: literal.getStart(), end: literal.end, text: 'grpcOptions' },
  ];
  return { main: applyEdits(source.text, edits), options: optionsText(source, imported, options) };
}

function optionsText(source: Source, imported: readonly string[], options: string): string {
  const paths = [...new Set(imported.map((name) => source.importPathOf(name) ?? ''))];
  const imports = paths.map((path) => {
    const names = imported.filter((name) => source.importPathOf(name) === path);
    return `import { ${names.map((name) => specifier(source, name)).join(', ')} } from '${path}';\n`;
  });
  return `${imports.join('')}import type { GrpcOptions } from '@nestjs/microservices';

/** The gRPC server and SidecarAgentModule get the same options. */
export const grpcOptions: GrpcOptions['options'] = ${options};
`;
}

function specifier(source: Source, name: string): string {
  const exported = source.importOf(name)?.exported;
  return exported === name ? name : `${exported} as ${name}`;
}

/** Returns the names that an expression takes from around it. */
function namesUsedBy(source: Source, expression: ts.Node): string[] {
  const { ts } = source;
  const identifiers = source.find((node) => ts.isIdentifier(node), expression);
  const own = identifiers.filter(({ parent }) => ts.isParameter(parent) || ts.isVariableDeclaration(parent));
  const declared = own
    .filter((each) => 'name' in each.parent && each.parent.name === each)
    .map(({ text }) => text);
  const used = identifiers.filter((each) => !isKey(source, each)).map(({ text }) => text);
  return [...new Set(used)].filter((name) => !declared.includes(name));
}

/** Returns whether an identifier is the key of a property, and so no name of a value. */
function isKey({ ts }: Source, identifier: ts.Identifier): boolean {
  const { parent } = identifier;
  if (ts.isMetaProperty(parent)) return true;
  const hasKey =
    ts.isPropertyAccessExpression(parent) ||
    ts.isPropertyAssignment(parent) ||
    ts.isMethodDeclaration(parent);
  return hasKey && parent.name === identifier;
}

/** Removes those imports that only the expression needed. */
function withoutImports(source: Source, expression: ts.Node, names: readonly string[]): TextEdit[] {
  const { ts } = source;
  const others = source.find((node) => ts.isIdentifier(node)).filter((each) => !isWithin(each, expression));
  const isUnused = (name: string) =>
    names.includes(name) && !others.some((each) => each.text === name && !ts.isImportSpecifier(each.parent));
  return source.namedImports().flatMap(({ declaration, bindings, isAlone }) => {
    const kept = bindings.elements.filter(({ name }) => !isUnused(name.text));
    if (kept.length === bindings.elements.length) return [];
    if (kept.length === 0 && isAlone) {
      const line = /^[ \t]*\r?\n/.exec(source.text.slice(declaration.end))?.[0] ?? '';
      return [{ start: declaration.getStart(), end: declaration.end + line.length, text: '' }];
    }
    const text = `{ ${kept.map((each) => each.getText()).join(', ')} }`;
    return [{ start: bindings.getStart(), end: bindings.end, text }];
  });
}

function isWithin(node: ts.Node, outer: ts.Node): boolean {
  return outer.getStart() <= node.getStart() && node.end <= outer.end;
}
