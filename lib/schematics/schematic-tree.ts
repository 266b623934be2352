/**
 * The parts of `@angular-devkit/schematics` that this room uses. The Nest CLI brings the package
 * along, in another major version with each of its own, so nothing here imports it.
 */

/** The files of the application, by path from the folder in which `nest add` runs. */
export interface SchematicTree {
  exists(path: string): boolean;
  read(path: string): { toString(encoding: 'utf8'): string } | null;
  create(path: string, content: string): void;
  overwrite(path: string, content: string): void;
  getDir(path: string): { visit(visitor: (path: string) => void): void };
}

/** What runs after the files are written: a package manager, or another schematic. */
export interface TaskGenerator {
  toConfiguration(): { name: string; options: unknown };
}

export interface SchematicContext {
  readonly logger: { info(message: string): void };
  addTask(task: TaskGenerator, dependencies?: readonly unknown[]): unknown;
}

export type SchematicRule = (tree: SchematicTree, context: SchematicContext) => SchematicTree;
