import { spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

/** A package of its own in a git repository of its own, to release with the real scripts. */
export class PackageRepository {
  readonly #folder = mkdtempSync(join(tmpdir(), 'sidecar-release-'));

  constructor(files: Readonly<Record<string, string>>) {
    for (const [path, text] of Object.entries(files)) this.write(path, text);
    this.git('init', '--quiet', '--initial-branch', 'main');
    for (const setting of [
      'user.name Ada',
      'user.email ada@acme.example',
      'commit.gpgSign false',
      'tag.gpgSign false',
      'core.autocrlf false',
    ]) {
      this.git('config', ...setting.split(' '));
    }
    this.commit();
  }

  /** Runs a script of this project here, as npm would, without a terminal. */
  run(script: string, ...args: string[]) {
    const path = fileURLToPath(new URL(`../../../../scripts/${script}`, import.meta.url));
    return this.#spawn(process.execPath, path, ...args);
  }

  git(...args: string[]): string {
    const { status, stdout, stderr } = this.#spawn('git', ...args);
    if (status !== 0) throw new Error(stderr);
    return stdout.trim();
  }

  commit(): void {
    this.git('add', '--all');
    this.git('commit', '--quiet', '--message', 'Work');
  }

  read(path: string): string {
    return readFileSync(join(this.#folder, path), 'utf8');
  }

  write(path: string, text: string, mode?: number): void {
    writeFileSync(join(this.#folder, path), text, mode === undefined ? {} : { mode });
  }

  /** What a release could change: the files, the commits and the tags. */
  state() {
    return {
      files: ['package.json', 'package-lock.json', 'CHANGELOG.md'].map((path) => this.read(path)),
      changes: this.git('status', '--porcelain'),
      head: this.git('rev-parse', 'HEAD'),
      tags: this.git('tag', '--list'),
    };
  }

  remove(): void {
    rmSync(this.#folder, { recursive: true, maxRetries: 3 });
  }

  #spawn(command: string, ...args: string[]) {
    const env = { ...process.env, npm_config_dry_run: '' };
    const { status, stdout, stderr } = spawnSync(command, args, { cwd: this.#folder, env, encoding: 'utf8' });
    return { status, stdout, stderr };
  }
}
