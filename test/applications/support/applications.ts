import {
  cpSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
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

  /**
   * Copies an application as its generator made it, without the service. It has a link to the
   * installed packages.
   */
  static generated(what: '11' | '12' | '12-commonjs'): Application {
    const folder = Application.elsewhere();
    cpSync(join(APPLICATIONS, `generated-${what}`), folder, { recursive: true });
    const copy = new Application(folder);
    const packages = Application.made(what === '11' ? 11 : 12).path('node_modules');
    symlinkSync(packages, copy.path('node_modules'));
    return copy;
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

  /** Returns the texts of all files but packages and what the build has made, by path. */
  texts(): Record<string, string> {
    const paths = readdirSync(this.folder, { recursive: true, encoding: 'utf8' });
    const own = paths.filter((path) => !/^(node_modules|dist)(\/|$)|\.tsbuildinfo$/.test(path));
    const files = own.filter((path) => statSync(this.path(path)).isFile());
    return Object.fromEntries(files.map((path) => [path, this.read(path)]));
  }

  /** Changes package.json. */
  change(change: (manifest: Manifest) => void): void {
    const manifest = JSON.parse(this.read('package.json')) as Manifest;
    change(manifest);
    this.write('package.json', JSON.stringify(manifest, null, 2));
  }
}
