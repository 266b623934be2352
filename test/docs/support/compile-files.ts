import { join } from 'node:path';
import ts from 'typescript';
import { ROOT } from './pages.js';

/**
 * The package's entry points, from sources, and others that examples import: what a user imports
 * needs no build here.
 */
const ENTRY_POINTS = {
  'nestjs-sidecar-agent': ['./lib/index.ts'],
  'nestjs-sidecar-agent/config': ['./lib/config/index.ts'],
  'nestjs-sidecar-agent/terminus': ['./lib/terminus/index.ts'],
  'nestjs-sidecar-agent/grpc-health': ['./lib/grpc-health/index.ts'],
  'nestjs-sidecar-agent/otel': ['./lib/otel/index.ts'],
  'nestjs-sidecar-agent/consul': ['./lib/consul/index.ts'],
  'nestjs-sidecar-agent/testing': ['./lib/testing/index.ts'],
  // Vitest is not installed here. What the examples use of it has the types of Jest.
  vitest: ['./node_modules/@jest/globals/build/index.d.ts'],
};

/** A compiler error. */
export interface CompilerError {
  readonly path: string;
  /** Counts from 1. */
  readonly line: number;
  readonly message: string;
}

/**
 * Type-checks files that exist in memory only, with the compiler options of the repository.
 *
 * @param paths the files to check, absolute
 * @param files the texts of these and of others that they may import, by path
 */
export function compileFiles(paths: readonly string[], files: ReadonlyMap<string, string>): CompilerError[] {
  const options = compilerOptions();
  const program = ts.createProgram(paths, options, overlaidHost(options, files));
  return paths.flatMap((path) => {
    const source = program.getSourceFile(path);
    if (!source) throw new Error(`the compiler did not read ${path}`);
    return [...program.getSyntacticDiagnostics(source), ...program.getSemanticDiagnostics(source)].map(
      ({ start = 0, messageText }) => ({
        path,
        line: source.getLineAndCharacterOfPosition(start).line + 1,
        message: ts.flattenDiagnosticMessageText(messageText, '\n'),
      }),
    );
  });
}

function compilerOptions(): ts.CompilerOptions {
  const path = join(ROOT, 'tsconfig.json');
  const { config } = ts.readConfigFile(path, (file) => ts.sys.readFile(file)) as { config: unknown };
  const { options } = ts.parseJsonConfigFileContent(config, ts.sys, ROOT);
  return { ...options, paths: ENTRY_POINTS, pathsBasePath: ROOT, declaration: false };
}

function overlaidHost(options: ts.CompilerOptions, files: ReadonlyMap<string, string>): ts.CompilerHost {
  const host = ts.createCompilerHost(options);
  const folders = new Set([...files.keys()].flatMap(parents));
  return {
    ...host,
    fileExists: (path) => files.has(path) || host.fileExists(path),
    readFile: (path) => files.get(path) ?? host.readFile(path),
    directoryExists: (path) => folders.has(path) || (host.directoryExists?.(path) ?? true),
    getSourceFile: (path, languageVersion, ...rest) => {
      const text = files.get(path);
      return text === undefined
        ? host.getSourceFile(path, languageVersion, ...rest)
        : ts.createSourceFile(path, text, languageVersion);
    },
  };
}

function parents(path: string): string[] {
  const parts = path.split('/');
  return parts.map((_, index) => parts.slice(0, index).join('/'));
}
