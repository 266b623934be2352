import type { SchematicTree } from '../../lib/schematics/schematic-tree.js';

/** The files of an application, in memory. */
export class MemoryTree implements SchematicTree {
  readonly files: Map<string, string>;

  /** @param files their texts, by path */
  constructor(files: Readonly<Record<string, string>>) {
    this.files = new Map(Object.entries(files));
  }

  exists(path: string): boolean {
    return this.files.has(path);
  }

  read(path: string): { toString(): string } | null {
    const text = this.files.get(path);
    return text === undefined ? null : { toString: () => text };
  }

  create(path: string, content: string): void {
    if (this.files.has(path)) throw new Error(`${path} exists`);
    this.files.set(path, content);
  }

  overwrite(path: string, content: string): void {
    if (!this.files.has(path)) throw new Error(`${path} does not exist`);
    this.files.set(path, content);
  }

  getDir(folder: string): { visit(visitor: (path: string) => void): void } {
    const paths = [...this.files.keys()].filter((path) => path.startsWith(`${folder}/`));
    return { visit: (visitor) => paths.forEach((path) => visitor(`/${path}`)) };
  }
}
