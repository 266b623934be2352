import { cp, mkdir, mkdtemp, readFile, rm, symlink, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import ts from 'typescript';
import { ROOT } from '../../docs/support/pages.js';
import { sourcesOf } from './readme-service.js';

/**
 * The folder of a service with the README's code. It is in the repository, where the service finds
 * the packages and this one by its name.
 */
export class ServiceFolder {
  private constructor(
    readonly path: string,
    readonly port: number,
  ) {}

  /** @param port the port of the gRPC server */
  static async create(port: number): Promise<ServiceFolder> {
    const folder = new ServiceFolder(await mkdtemp(join(ROOT, 'test/supervisors/build-')), port);
    await cp(join(ROOT, 'sample/01-grpc-service/proto'), join(folder.path, 'proto'), { recursive: true });
    for (const [name, text] of Object.entries(sourcesOf(port))) await folder.write(name, text);
    await mkdir(join(folder.path, 'node_modules/.bin'), { recursive: true });
    await symlink(ROOT, join(folder.path, 'node_modules/nestjs-sidecar-agent'));
    const command = join(folder.path, 'node_modules/.bin/nestjs-sidecar-agent');
    await symlink('../nestjs-sidecar-agent/dist/cli/main.js', command);
    return folder;
  }

  /** Compiles the sources to `dist`. */
  async compile(): Promise<void> {
    await mkdir(join(this.path, 'dist'), { recursive: true });
    const names = Object.keys(sourcesOf(this.port)).filter((name) => name.endsWith('.ts'));
    await Promise.all(names.map((name) => this.#compile(name)));
  }

  async write(name: string, text: string): Promise<void> {
    await writeFile(join(this.path, name), text);
  }

  /** Changes the version of the service, and saves the file. */
  async save(version: string): Promise<void> {
    const text = await readFile(join(this.path, 'app.module.ts'), 'utf8');
    await this.write('app.module.ts', text.replace(/version: '.*?'/, `version: '${version}'`));
  }

  /** Does the same, and compiles the file to `dist`. */
  async saveCompiled(version: string): Promise<void> {
    await this.save(version);
    await this.#compile('app.module.ts');
  }

  async remove(): Promise<void> {
    await rm(this.path, { recursive: true, force: true });
  }

  async #compile(name: string): Promise<void> {
    const { outputText } = ts.transpileModule(await readFile(join(this.path, name), 'utf8'), {
      compilerOptions: {
        target: ts.ScriptTarget.ES2022,
        module: ts.ModuleKind.ESNext,
        experimentalDecorators: true,
      },
    });
    await this.write(join('dist', name.replace(/\.ts$/, '.js')), outputText);
  }
}
