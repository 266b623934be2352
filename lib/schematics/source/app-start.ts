import type ts from 'typescript';
import type { Source } from './source.js';

/** Where a main file creates its app and lets it listen. */
export interface AppStart {
  /** The variable of the app. */
  readonly app: string;
  readonly method: 'create' | 'createMicroservice';
  /** The root module, as the main file names it. */
  readonly module: string;
  /** The statement that first starts a server, and all statements after it in its block. */
  readonly listening: readonly [ts.Statement, ...ts.Statement[]];
}

/**
 * Finds `const app = await NestFactory.create(AppModule)` and the statements that let it listen.
 *
 * @returns why there is none, if there is none
 */
export function findAppStart(source: Source): AppStart | { problem: string } {
  const { ts } = source;
  const creations = source
    .find((node) => ts.isVariableStatement(node))
    .flatMap((each) => creationIn(source, each));
  const [creation] = creations;
  if (!creation || creations.length > 1) {
    const but = creation ? ', but several' : '';
    return { problem: `It does not create one app by const app = await NestFactory.create(…)${but}` };
  }
  const { statement, app, method, module } = creation;
  const block = statement.parent;
  if (!ts.isBlock(block) && !ts.isSourceFile(block)) return { problem: 'It creates its app in a branch' };
  const after = block.statements.slice(block.statements.indexOf(statement) + 1);
  const index = after.findIndex((each) => startsServer(source, each, app));
  const [first, ...rest] = index < 0 ? [] : after.slice(index);
  const listens = source.calls(`${app}.listen`);
  if (!first || !listens)
    return { problem: `It has no await ${app}.listen(…) beside the line that creates ${app}` };
  return { app, method, module, listening: [first, ...rest] };
}

/** Returns the name of the root module: the first argument of a call of `NestFactory`. */
export function rootModuleOf(source: Source): string | undefined {
  const { ts } = source;
  const names = source
    .find((node) => ts.isCallExpression(node))
    .filter(({ expression }) => /^NestFactory\s*\.create/.test(expression.getText()))
    .map((call) => call.arguments[0])
    .filter((argument) => argument !== undefined && ts.isIdentifier(argument))
    .map((argument) => argument.getText());
  return new Set(names).size === 1 ? names[0] : undefined;
}

function creationIn({ ts }: Source, statement: ts.VariableStatement) {
  const [declaration] = statement.declarationList.declarations;
  const value = declaration?.initializer;
  if (!declaration || !value || !ts.isAwaitExpression(value) || !ts.isCallExpression(value.expression))
    return [];
  const { expression, arguments: args } = value.expression;
  const method = /^NestFactory\s*\.(create|createMicroservice)$/.exec(expression.getText())?.[1];
  if ((method !== 'create' && method !== 'createMicroservice') || !ts.isIdentifier(declaration.name))
    return [];
  return [{ statement, app: declaration.name.text, method, module: args[0]?.getText() ?? '' } as const];
}

/** Returns whether a statement is `await app.listen(…)` or the start of the microservices. */
function startsServer({ ts }: Source, statement: ts.Statement, app: string): boolean {
  if (!ts.isExpressionStatement(statement)) return false;
  if (!ts.isAwaitExpression(statement.expression)) return false;
  let node: ts.Node = statement.expression.expression;
  while (ts.isCallExpression(node) || ts.isPropertyAccessExpression(node)) {
    if (
      ts.isPropertyAccessExpression(node) &&
      node.expression.getText() === app &&
      ['listen', 'startAllMicroservices', 'init'].includes(node.name.text)
    ) {
      return true;
    }
    node = node.expression;
  }
  return false;
}
