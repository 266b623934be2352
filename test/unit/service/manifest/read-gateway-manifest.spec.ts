import { execFileSync } from 'node:child_process';
import { mkdtemp, rm, truncate, writeFile } from 'node:fs/promises';
import { devNull, tmpdir } from 'node:os';
import { join, relative } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { readGatewayManifest } from '../../../../lib/service/manifest/read-gateway-manifest.js';

const TEXT = '{"schema":"firefly.gateway.manifest.v1","services":[{"name":"a.A","methods":["/a.A/B"]}]}';

describe('readGatewayManifest', () => {
  let directory: string;
  let file: string;

  beforeEach(async () => {
    directory = await mkdtemp(join(tmpdir(), 'sidecar-manifest-'));
    file = join(directory, 'gateway.manifest.json');
  });

  afterEach(() => rm(directory, { recursive: true }));

  it('reads a file by its absolute or relative path', async () => {
    await writeFile(file, TEXT);
    const manifest = { services: [{ name: 'a.A', methods: ['/a.A/B'] }], routes: [] };
    await expect(readGatewayManifest(file)).resolves.toEqual(manifest);
    await expect(readGatewayManifest(relative(process.cwd(), file))).resolves.toEqual(manifest);
  });

  it('skips the byte order mark of a file', async () => {
    await writeFile(file, Buffer.concat([Buffer.from([0xef, 0xbb, 0xbf]), Buffer.from(TEXT)]));
    await expect(readGatewayManifest(file)).resolves.toMatchObject({ routes: [] });
  });

  it('names a missing file, and how to generate it', async () => {
    const error = await readGatewayManifest(relative(process.cwd(), file)).catch((thrown: unknown) => thrown);
    expect(error).toMatchObject({ name: 'GatewayManifestError', file, cause: { code: 'ENOENT' } });
    expect(String(error)).toContain(`gateway manifest ${file}: cannot be read: `);
    expect(String(error)).toContain('ENOENT: no such file or directory');
    expect(String(error)).toContain('npx nestjs-sidecar-agent manifest --proto');
    expect(String(error)).toContain('gatewayManifestPath');
  });

  it('names a file with faults', async () => {
    await writeFile(file, '{}');
    await expect(readGatewayManifest(file)).rejects.toThrow(file);
  });

  it('refuses a directory, and a pipe without opening it', async () => {
    await expect(readGatewayManifest(directory)).rejects.toThrow('is not a regular file');
    await expect(readGatewayManifest(makePipe(file))).rejects.toThrow('is not a regular file');
  });

  it('refuses more than 8 MiB without reading it', async () => {
    await writeFile(file, TEXT);
    await truncate(file, 8 * 1024 * 1024 + 1);
    await expect(readGatewayManifest(file)).rejects.toThrow('must have at most 8388608 bytes, got 8388609');
  });

  it('refuses a file that is not UTF-8', async () => {
    await writeFile(file, Buffer.from(TEXT.replace('a.A"', '\u00e9"'), 'latin1'));
    await expect(readGatewayManifest(file)).rejects.toThrow('is not valid UTF-8');
  });
});

/** Makes a pipe. Windows has none in its file system: its null device stands in. */
function makePipe(path: string): string {
  if (process.platform === 'win32') return devNull;
  execFileSync('mkfifo', [path]);
  return path;
}
