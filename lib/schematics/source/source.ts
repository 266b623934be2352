import type ts from 'typescript';
import type { TypeScript } from './load-typescript.js';
import type { TextEdit } from './text-edits.js';

/** The text of a TypeScript file, with its syntax tree. */
export class Source {
  readonly file: ts.SourceFile;

  constructor(
    readonly ts: TypeScript,
    readonly text: string,
  ) {
    this.file = ts.createSourceFile('file.ts', text, ts.ScriptTarget.Latest, true);
  }

  /** Returns the nodes of the tree that a guard accepts, in their order. */
  find<Node extends ts.Node>(guard: (node: ts.Node) => node is Node, within: ts.Node = this.file): Node[] {
    const found: Node[] = [];
    const visit = (node: ts.Node): void => {
      if (guard(node)) found.push(node);
      this.ts.forEachChild(node, visit);
    };
    visit(within);
    return found;
  }

  /** Returns whether some call has this callee, such as `app.enableShutdownHooks`. */
  calls(callee: string): boolean {
    const calls = this.find((node) => this.ts.isCallExpression(node));
    return calls.some(({ expression }) => expression.getText().replace(/\s+/g, '') === callee);
  }

  /** Returns the calls of a function of this name, or of such a method of any object. */
  callsNamed(name: string): ts.CallExpression[] {
    const calls = this.find((node) => this.ts.isCallExpression(node));
    return calls.filter(({ expression }) => /\w+$/.exec(expression.getText())?.[0] === name);
  }

  /** Returns the path that a name is imported from. */
  importPathOf(name: string): string | undefined {
    return this.importOf(name)?.path;
  }

  /** Returns where a name is imported from, and its name there. */
  importOf(name: string): { path: string; exported: string } | undefined {
    for (const { path, bindings } of this.namedImports()) {
      const element = bindings.elements.find((each) => each.name.text === name);
      if (element) return { path, exported: (element.propertyName ?? element.name).text };
    }
    return undefined;
  }

  /** Returns the edits that import names which are not imported yet; `type X` imports a type. */
  importEdits(names: readonly string[], path: string): TextEdit[] {
    const missing = names.filter((name) => this.importPathOf(name.replace(/^type /, '')) === undefined);
    if (missing.length === 0) return [];
    const same = this.namedImports().find((each) => each.path === path && !each.typesOnly);
    const last = same?.bindings.elements.at(-1);
    if (last) return [{ start: last.end, end: last.end, text: missing.map((name) => `, ${name}`).join('') }];
    const declarations = this.file.statements.filter((each) => this.ts.isImportDeclaration(each));
    const quote = declarations[0]?.moduleSpecifier.getText(this.file).charAt(0) ?? "'";
    const text = `import { ${missing.join(', ')} } from ${quote}${path}${quote};`;
    // Packages come before the files of the application.
    const isAlike = ({ moduleSpecifier }: ts.ImportDeclaration) =>
      /^.\./.test(moduleSpecifier.getText(this.file)) === path.startsWith('.');
    const end = (declarations.findLast(isAlike) ?? (path.startsWith('.') ? declarations.at(-1) : undefined))
      ?.end;
    if (end !== undefined) return [{ start: end, end, text: `\n${text}` }];
    const start = this.file.getStart();
    return [{ start, end: start, text: declarations.length > 0 ? `${text}\n` : `${text}\n\n` }];
  }

  /** Returns the imports with names in braces. */
  namedImports() {
    return this.file.statements.flatMap((declaration) => {
      if (!this.ts.isImportDeclaration(declaration)) return [];
      const { importClause, moduleSpecifier } = declaration;
      const bindings = importClause?.namedBindings;
      if (!importClause || !bindings || !this.ts.isNamedImports(bindings)) return [];
      if (!this.ts.isStringLiteral(moduleSpecifier)) return [];
      const isAlone = importClause.name === undefined;
      return [
        { declaration, path: moduleSpecifier.text, bindings, isAlone, typesOnly: importClause.isTypeOnly },
      ];
    });
  }
}
