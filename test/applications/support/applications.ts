import { cpSync, mkdirSync, mkdtempSync, readFileSync, symlinkSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';

/** The folder of all that `prepare.mjs` has made; `clean-up.mjs` removes it. */
const { APPLICATIONS = '', APPLICATION_NODES = '[]' } = process.env;

/** The versions of Node that run the applications. */
export const NODES = JSON.parse(APPLICATION_NODES) as readonly { version: string; path: string }[];

type Manifest = Record<string, Record<string, string>>;

/** The folder of an application as its generator made it, with the service: installed and built. */
export class Application {
  private constructor(readonly folder: string) {}

  /** The application that all specs share. A spec that changes its files makes a copy. */
  static made(nest: 11 | 12): Application {
    return new Application(join(APPLICATIONS, `nest-${nest}`));
  }

  /** Makes an empty folder, which has no node_modules above it. */
  static elsewhere(): string {
    return mkdtempSync(join(APPLICATIONS, 'elsewhere-'));
  }

  /** Copies all but the installed packages, to which it makes a link. */
  copy(): Application {
    const copy = this.copyWithoutPackages();
    symlinkSync(this.path('node_modules'), copy.path('node_modules'));
    return copy;
  }

  /** Copies all but the installed packages. */
  copyWithoutPackages(): Application {
    const folder = Application.elsewhere();
    const filter = (path: string) => path !== this.path('node_modules');
    cpSync(this.folder, folder, { recursive: true, filter });
    return new Application(folder);
  }

  path(...parts: readonly string[]): string {
    return join(this.folder, ...parts);
  }

  read(file: string): string {
    return readFileSync(this.path(file), 'utf8');
  }

  write(file: string, text: string): void {
    mkdirSync(dirname(this.path(file)), { recursive: true });
    writeFileSync(this.path(file), text);
  }

  /** Changes package.json. */
  change(change: (manifest: Manifest) => void): void {
    const manifest = JSON.parse(this.read('package.json')) as Manifest;
    change(manifest);
    this.write('package.json', JSON.stringify(manifest, null, 2));
  }
}
