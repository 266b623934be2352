import { readFileSync } from 'node:fs';
import ts from 'typescript';

/** Returns the name of each interface of a file, with its members as options. */
export function readInterfaces(path) {
  const source = ts.createSourceFile(path, readFileSync(path, 'utf8'), ts.ScriptTarget.Latest, true);
  return source.statements
    .filter(ts.isInterfaceDeclaration)
    .map((declaration) => [declaration.name.text, declaration.members.map(readOption)]);
}

function readOption(member) {
  const [jsDoc] = ts.getJSDocCommentsAndTags(member).filter(ts.isJSDoc);
  const fallback = jsDoc?.tags?.find(({ tagName }) => tagName.text === 'default');
  return {
    name: member.name.getText(),
    type: member.type.getText().replace(/\s+/g, ' '),
    isRequired: member.questionToken === undefined,
    text: textOf(jsDoc?.comment),
    fallback: textOf(fallback?.comment).replace(/\s+/g, ' '),
  };
}

function textOf(comment) {
  const text = ts.getTextOfJSDocComment(comment) ?? '';
  return text.replace(/\{@link(?:code|plain)? ([^\s}|]+)[^}]*\}/g, '`$1`').trim();
}
