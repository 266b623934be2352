import type { SchematicTree } from './schematic-tree.js';

/** What the developer does, since the schematic does not. */
export interface Advice {
  readonly file: string;
  /** Sentences: why it is left, and what to do. */
  readonly text: string;
  /** Lines to add. */
  readonly lines: readonly string[];
}

/** The files of an application, with what was written and what is left to the developer. */
export class Changes {
  readonly written: string[] = [];
  /** Files with something in them that only the developer knows, and what that is. */
  readonly examples: { readonly file: string; readonly what: string }[] = [];
  readonly advice: Advice[] = [];
  /** Sentences about what the schematic has kept. */
  readonly notes: string[] = [];
  /** Whether the service starts and registers only after the developer has done the rest. */
  isLeft = false;

  constructor(private readonly tree: SchematicTree) {}

  exists(path: string): boolean {
    return this.tree.exists(path);
  }

  /** Returns the text of a file without a byte order mark, or `undefined` if there is no file. */
  read(path: string): string | undefined {
    return this.tree
      .read(path)
      ?.toString('utf8')
      .replace(/^\uFEFF/, '');
  }

  /** Returns the paths of the files below a folder whose names end so, without `node_modules`. */
  list(folder: string, ending: string): string[] {
    const found: string[] = [];
    this.tree.getDir(folder).visit((path) => {
      if (path.endsWith(ending) && !path.includes('/node_modules/')) found.push(path.replace(/^\//, ''));
    });
    return found.sort();
  }

  /** Writes a file, unless it has this text already. */
  write(path: string, text: string): void {
    if (!this.tree.exists(path)) this.tree.create(path, text);
    else if (this.read(path) === text) return;
    else this.tree.overwrite(path, text);
    this.written.push(path);
  }

  /** Writes a file that does not exist. Returns whether it did. */
  create(path: string, text: string): boolean {
    if (this.tree.exists(path)) return false;
    this.write(path, text);
    return true;
  }

  /** Leaves something for the developer. */
  advise(file: string, text: string, lines: readonly string[] = []): void {
    this.advice.push({ file, text, lines });
  }
}
