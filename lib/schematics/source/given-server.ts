import type ts from 'typescript';
import type { Source } from './source.js';

/** What an expression tells of a microservice: its transport, or neither. */
export type GivenServer =
  /** `otherType`: a type such as `ClientOptions`, if it is not `GrpcOptions`. */
  { readonly isGrpc: true; readonly otherType?: string } | { readonly isGrpc: false } | undefined;

/** Returns what a main file gives to its microservices, such as `{ transport, options }`. */
export function givenServers(source: Source): ts.Expression[] {
  const connected = source.callsNamed('connectMicroservice').map((call) => call.arguments[0]);
  const created = source.callsNamed('createMicroservice').map((call) => call.arguments[1]);
  return [...connected, ...created].flatMap((each) => {
    if (each === undefined) return [];
    const isTyped = source.ts.isAsExpression(each) && source.ts.isIdentifier(each.expression);
    return isTyped ? each.expression : each;
  });
}

/** Tells of an object that a file declares, as `export const server = { transport: … }` does. */
export function declaredServer(source: Source, name: string): GivenServer {
  const { ts } = source;
  const declaration = source
    .find((node) => ts.isVariableDeclaration(node))
    .find((each) => each.name.getText() === name);
  if (!declaration?.initializer) return undefined;
  const server = serverOf(source, declaration.initializer);
  const type = declaration.type?.getText();
  return server?.isGrpc && type !== undefined ? typed(type) : server;
}

/** Tells of an object in place. Its type is the one that `as` gives it. */
export function serverOf(source: Source, expression: ts.Expression): GivenServer {
  const { ts } = source;
  if (ts.isAsExpression(expression)) {
    const server = serverOf(source, expression.expression);
    const type = expression.type.getText();
    return server?.isGrpc && type !== 'const' ? typed(type) : server;
  }
  if (ts.isSatisfiesExpression(expression) || ts.isParenthesizedExpression(expression))
    return serverOf(source, expression.expression);
  if (!ts.isObjectLiteralExpression(expression)) return undefined;
  // The last one counts, also after the properties of another object.
  const property = expression.properties.findLast(
    (each) => ts.isSpreadAssignment(each) || ['transport', 'strategy'].includes(each.name?.getText() ?? ''),
  );
  if (property?.name?.getText() === 'strategy') return { isGrpc: false };
  const value = property && ts.isPropertyAssignment(property) ? property.initializer.getText() : '';
  const transport = /^Transport\.(\w+)$/.exec(value)?.[1];
  return transport === undefined ? undefined : { isGrpc: transport === 'GRPC' };
}

function typed(type: string): GivenServer {
  return type === 'GrpcOptions' ? { isGrpc: true } : { isGrpc: true, otherType: type };
}
