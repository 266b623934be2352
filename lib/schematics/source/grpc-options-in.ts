import type ts from 'typescript';
import { DOCS } from '../docs-folder.js';
import { declaredServer, givenServers, serverOf } from './given-server.js';
import type { Source } from './source.js';

/** Options that a main file imports. */
export interface ImportedServerOptions {
  readonly exported: string;
  readonly path: string;
  /** What follows the name to get from it to the options: `.options`, or nothing. */
  readonly property: string;
}

/** The options of a gRPC server: imported from another file, written in place, or neither. */
export type OptionsInMain =
  | ImportedServerOptions
  | { readonly literal: ts.ObjectLiteralExpression }
  | { readonly problem: string }
  | { readonly exported: string; readonly path: string; readonly otherType: string };

/**
 * Finds the options that a main file gives to its gRPC server.
 *
 * @param open reads a file that the main file imports from this path
 * @returns `undefined` if there is no gRPC server
 */
export function grpcOptionsIn(
  source: Source,
  open: (path: string) => Source | undefined,
): OptionsInMain | undefined {
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
  if (!server) return importedServer(source, open);
  if (servers.length > 1) return { problem: `It has several gRPC servers (see ${DOCS}/several-services.md)` };
  const property = server.properties.find((each) => each.name?.getText() === 'options');
  const value = property && ts.isPropertyAssignment(property) ? property.initializer : undefined;
  if (value && ts.isObjectLiteralExpression(value)) return { literal: value };
  const [, name = '', path = ''] = /^(\w+)((?:\.\w+)*)$/.exec(value?.getText() ?? '') ?? [];
  const imported = source.importOf(name);
  if (!imported?.path.startsWith('.')) {
    return { problem: 'It does not import the options of its gRPC server from another file' };
  }
  return { ...imported, property: path };
}

/** Looks for a server that the main file imports as a whole, with its transport. */
function importedServer(
  source: Source,
  open: (path: string) => Source | undefined,
): OptionsInMain | undefined {
  const found = givenServers(source).map((given): OptionsInMain | undefined => {
    const name = given.getText();
    const imported = source.importOf(name);
    const file = imported && open(imported.path);
    const server = imported
      ? file && declaredServer(file, imported.exported)
      : (declaredServer(source, name) ?? serverOf(source, given));
    if (server?.isGrpc === false) return undefined;
    if (!server || !imported) {
      return {
        problem: `It is not clear whether ${shortened(name)}, which it gives to a microservice, is gRPC`,
      };
    }
    if (server.otherType !== undefined) return { ...imported, otherType: server.otherType };
    return { ...imported, property: '.options' };
  });
  return found.find((each) => each && !('problem' in each)) ?? found.find((each) => each !== undefined);
}

/** Returns the text of an expression in one line that a message can show. */
function shortened(text: string): string {
  const line = text.replace(/\s+/g, ' ');
  return line.length > 40 ? `${line.slice(0, 40)}…` : line;
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
