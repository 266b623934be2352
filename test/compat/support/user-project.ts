import { cpSync, mkdirSync, mkdtempSync, readdirSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { codeBlocks } from '../../docs/support/markdown.js';
import { read, ROOT } from '../../docs/support/pages.js';

const PACKAGE = 'nestjs-sidecar-agent';

/** A user's project in a temporary folder, with the built package and its peers installed. */
export class UserProject {
  readonly folder = mkdtempSync(join(tmpdir(), 'sidecar-project-'));

  /** @param files their texts, by path in the project */
  constructor(files: Readonly<Record<string, string>>) {
    for (const [path, text] of Object.entries(files)) {
      const file = join(this.folder, path);
      mkdirSync(dirname(file), { recursive: true });
      writeFileSync(file, text);
    }
    this.#install();
  }

  remove(): void {
    rmSync(this.folder, { recursive: true, force: true });
  }

  /** The package is copied, since Node.js and Jest look at where a file really is. */
  #install(): void {
    const from = join(ROOT, 'node_modules');
    const to = join(this.folder, 'node_modules');
    mkdirSync(to);
    for (const name of readdirSync(from)) {
      if (!name.startsWith('.')) symlinkSync(join(from, name), join(to, name));
    }
    for (const part of ['dist', 'package.json']) {
      cpSync(join(ROOT, part), join(to, PACKAGE, part), { recursive: true });
    }
  }
}

/** Returns the block of a page that is the file of this name. */
export function documentedFile(page: string, file: string): string {
  const block = codeBlocks(read(page)).find((each) => each.file === file);
  if (!block) throw new Error(`${page} has no block <!-- file: ${file} -->`);
  return block.code;
}
