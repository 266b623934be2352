import type ts from 'typescript';
import type { AppStart } from './app-start.js';
import type { Source } from './source.js';
import { indentAt, type TextEdit } from './text-edits.js';

/**
 * Puts the statements that listen into a function for `runSidecarApp`.
 *
 * @param connect lines that let the app serve gRPC
 * @returns why they cannot be moved, if they cannot
 */
export function runManaged(
  source: Source,
  { app, method, listening }: AppStart,
  connect: readonly string[],
): TextEdit[] | { problem: string } {
  const { ts } = source;
  const [first] = listening;
  if (listening.some((each) => returnsWithin(source, each)))
    return { problem: 'It returns after it listens' };
  const movable = listening.every(
    (each) => ts.isExpressionStatement(each) || (ts.isVariableStatement(each) && !each.modifiers),
  );
  if (!movable) return { problem: 'It has declarations or branches after it listens' };
  const last = listening.at(-1) ?? first;
  const begin = first.getStart();
  const shared = sharedVariable(source, begin, last.end);
  if (shared !== undefined)
    return { problem: `It declares ${shared} after it listens, and uses it elsewhere` };
  const indent = indentAt(source.text, begin);
  const plain = listening.length === 1 && /^await \w+\.listen\(\);?$/.test(first.getText());
  const starts = method !== 'create' || source.calls(`${app}.startAllMicroservices`);
  const head = connect.map((line) => `${line}\n${indent}`).join('');
  const call =
    plain && method === 'createMicroservice'
      ? `await runSidecarApp(${app});`
      : [
          `await runSidecarApp(${app}, {`,
          '  listen: async () => {',
          ...(starts ? [] : [`    await ${app}.startAllMicroservices();`]),
          `    ${indented(source, begin, last.end, '    ')}`,
          '  },',
          '});',
        ].join(`\n${indent}`);
  return [{ start: begin, end: last.end, text: head + call }];
}

/** Returns a variable that is declared within a part of the text and used outside of it. */
function sharedVariable(source: Source, begin: number, end: number): string | undefined {
  const { ts } = source;
  const identifiers = source.find((node) => ts.isIdentifier(node));
  const isInside = (node: ts.Node) => begin <= node.getStart() && node.end <= end;
  const outside = identifiers.filter((each) => !isInside(each)).map(({ text }) => text);
  const declared = identifiers.filter((each) => isInside(each) && ts.isVariableDeclaration(each.parent));
  return declared.find((each) => each.parent.getStart() === each.getStart() && outside.includes(each.text))
    ?.text;
}

/** Returns whether a statement has a `return` that is not one of a function in it. */
function returnsWithin({ ts }: Source, statement: ts.Node): boolean {
  let found = false;
  const visit = (node: ts.Node): void => {
    if (ts.isFunctionLike(node)) return;
    if (ts.isReturnStatement(node)) found = true;
    else ts.forEachChild(node, visit);
  };
  visit(statement);
  return found;
}

/** Indents the lines after the first, but for those within a template literal. */
function indented(source: Source, begin: number, end: number, by: string): string {
  const { ts, text } = source;
  const templates = source.find(
    (node) => ts.isNoSubstitutionTemplateLiteral(node) || ts.isTemplateExpression(node),
  );
  const isInTemplate = (place: number) =>
    templates.some((each) => each.getStart() < place && place < each.end);
  let place = begin;
  return text
    .slice(begin, end)
    .split('\n')
    .map((line, index) => {
      const lineStart = place;
      place += line.length + 1;
      return index === 0 || line.trim() === '' || isInTemplate(lineStart) ? line : by + line;
    })
    .join('\n');
}
