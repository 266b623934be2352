import type ts from 'typescript';
import type { Source } from './source.js';

/** The options of a gRPC server: imported from another file, written in place, or neither. */
export type OptionsInMain =
  | { readonly exported: string; readonly path: string }
  | { readonly literal: ts.ObjectLiteralExpression }
  | { readonly problem: string };

/**
 * Finds the options that a main file gives to its gRPC server.
 *
 * @returns `undefined` if there is no gRPC server
 */
export function grpcOptionsIn(source: Source): OptionsInMain | undefined {
  const { ts } = source;
  const servers = source
    .find((node) => ts.isObjectLiteralExpression(node))
    .filter(({ properties }) =>
      properties.some(
        (each) =>
          ts.isPropertyAssignment(each) &&
          each.name.getText() === 'transport' &&
          each.initializer.getText() === 'Transport.GRPC',
      ),
    );
  const [server] = servers;
  if (!server) return undefined;
  if (servers.length > 1) return { problem: 'It has several gRPC servers (see docs/several-services.md)' };
  const property = server.properties.find((each) => each.name?.getText() === 'options');
  const value = property && ts.isPropertyAssignment(property) ? property.initializer : undefined;
  if (value && ts.isObjectLiteralExpression(value)) return { literal: value };
  const imported = value && ts.isIdentifier(value) ? source.importOf(value.text) : undefined;
  if (!imported?.path.startsWith('.')) {
    return { problem: 'It does not import the options of its gRPC server from another file' };
  }
  return imported;
}

/** Returns the name of the one constant that a file exports and that is not a function. */
export function exportedConstant(source: Source): string | undefined {
  const { ts } = source;
  const names = source.file.statements
    .filter((each) => ts.isVariableStatement(each))
    .filter(({ modifiers }) => modifiers?.some(({ kind }) => kind === ts.SyntaxKind.ExportKeyword))
    .flatMap(({ declarationList }) => [...declarationList.declarations])
    .filter(({ initializer }) => initializer && !ts.isArrowFunction(initializer))
    .map(({ name }) => name.getText());
  return names.length === 1 ? names[0] : undefined;
}
