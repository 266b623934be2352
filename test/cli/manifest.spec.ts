import { execFileSync } from 'node:child_process';
import { constants } from 'node:fs';
import { lstat, mkdir, mkdtemp, open, readdir, readFile, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { parseGatewayManifest } from '../../lib/service/manifest/parse-gateway-manifest.js';
import { encodeHttpRoute } from '../../lib/service/routes/encode-http-route.js';
import { LIBRARY_METHODS, LIBRARY_PROTO, LIBRARY_ROUTES } from '../support/library.js';
import { type CliEnd, runCli } from './support/cli.process.js';

const DEFAULT_PATH = 'dep/protobuf/gen/gateway.manifest.json';
const BURN = '/acme.library.v1.Library/BurnBook';
const BURN_ROUTE = { http_method: 'DELETE', path: '/v1/books/{isbn}', full_method: BURN };

const proto = (name: string, body: string) =>
  `syntax = "proto3"; package ${name}; import "google/api/annotations.proto"; message M {} ${body}`;
const service = (name: string, rpc: string, rule = '') =>
  `service ${name} { rpc ${rpc}(M) returns (M) { ${rule && `option (google.api.http) = { ${rule} };`} } }`;

describe('nestjs-sidecar-agent manifest', () => {
  let cwd: string;

  beforeEach(async () => {
    cwd = await mkdtemp(join(tmpdir(), 'sidecar-cli-'));
  });

  afterEach(() => rm(cwd, { recursive: true }));

  const manifest = (...args: string[]) => runCli(cwd, 'manifest', ...args);

  async function put(path: string, text: string): Promise<string> {
    await mkdir(dirname(join(cwd, path)), { recursive: true });
    await writeFile(join(cwd, path), text);
    return path;
  }

  /** Returns the services of a manifest that a run printed. */
  function servicesIn({ code, stdout, stderr }: CliEnd): string[] {
    expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
    return parseGatewayManifest(stdout, 'stdout').services.map(({ name }) => name);
  }

  function expectFailure(end: CliEnd, code: 1 | 2, ...parts: string[]): void {
    expect(end).toMatchObject({ code, stdout: '' });
    expect(end.stderr).toMatch(/^nestjs-sidecar-agent: /);
    expect(end.stderr).not.toMatch(/^\s+at /m);
    for (const part of parts) expect(end.stderr).toContain(part);
  }

  describe('for a proto', () => {
    it('writes the file that the module reads by default, and its directories', async () => {
      const end = await manifest('--proto', LIBRARY_PROTO);
      expect(end).toEqual({
        code: 0,
        stdout: `Wrote ${DEFAULT_PATH}: 1 service, 5 methods, 7 routes\n`,
        stderr: '',
      });
      const { services, routes } = parseGatewayManifest(
        await readFile(join(cwd, DEFAULT_PATH), 'utf8'),
        DEFAULT_PATH,
      );
      expect(services).toEqual([{ name: 'acme.library.v1.Library', methods: [BURN, ...LIBRARY_METHODS] }]);
      expect(routes.map(encodeHttpRoute)).toEqual([BURN_ROUTE, ...LIBRARY_ROUTES]);
      expect(await readdir(dirname(join(cwd, DEFAULT_PATH)))).toEqual(['gateway.manifest.json']);
    });

    it('prints the same text to the standard output', async () => {
      await manifest('--proto', LIBRARY_PROTO, '--out', 'm.json');
      const text = await readFile(join(cwd, 'm.json'), 'utf8');
      expect(await manifest('--proto', LIBRARY_PROTO, '--out=-')).toEqual({
        code: 0,
        stdout: text,
        stderr: '',
      });
    });

    it('writes through a link and into a FIFO, and leaves both in place', async () => {
      const [link, fifo] = [join(cwd, 'link'), join(cwd, 'fifo')];
      await symlink('linked.json', link);
      execFileSync('mkfifo', [fifo]);
      // Opened without blocking, so that a FIFO that is replaced ends the reading.
      const reader = await open(fifo, constants.O_RDONLY | constants.O_NONBLOCK);
      try {
        const given = ['--proto', LIBRARY_PROTO, '--out'];
        const ends = await Promise.all([manifest(...given, 'link'), manifest(...given, 'fifo')]);
        expect(ends).toMatchObject([{ code: 0 }, { code: 0 }]);
        const text = await reader.readFile('utf8');
        expect(parseGatewayManifest(text, fifo).services).toHaveLength(1);
        expect(await readFile(join(cwd, 'linked.json'), 'utf8')).toBe(text);
        expect((await lstat(link)).isSymbolicLink()).toBe(true);
        expect((await lstat(fifo)).isFIFO()).toBe(true);
      } finally {
        await reader.close();
      }
    });

    it('declares methods without routes, but no services without methods', async () => {
      const file = await put('a.proto', proto('a', `${service('S', 'Go')} service Empty {}`));
      const { stdout } = await manifest('--proto', file, '--out', '-');
      expect(parseGatewayManifest(stdout, 'stdout')).toEqual({
        services: [{ name: 'a.S', methods: ['/a.S/Go'] }],
        routes: [],
      });
    });

    it("leaves out gRPC's own services, unless it is told to declare them", async () => {
      const own = await put('a.proto', proto('a', service('S', 'Go', 'get: "/go"')));
      const health = await put('h.proto', proto('grpc.health.v1', service('Health', 'Check', 'get: "/up"')));
      const both = ['--proto', own, '--proto', health];
      expect((await manifest(...both)).stdout).toBe(`Wrote ${DEFAULT_PATH}: 1 service, 1 method, 1 route\n`);
      expect(servicesIn(await manifest(...both, '--out', '-'))).toEqual(['a.S']);
      const all = await manifest(...both, '--announce-infrastructure');
      expect(all.stdout).toBe(`Wrote ${DEFAULT_PATH}: 2 services, 2 methods, 2 routes\n`);
      expectFailure(
        await manifest('--proto', health),
        1,
        'there are only services of gRPC itself (grpc.health.v1.Health): give the .proto file of your service, or add --announce-infrastructure',
      );
    });

    it('writes the same for any order of files and services', async () => {
      const a = await put('a.proto', proto('a', `${service('B', 'X', 'get: "/x"')} ${service('A', 'Y')}`));
      const b = await put('b.proto', proto('b', service('S', 'Z', 'get: "/a"')));
      const one = await manifest('--proto', a, '--proto', b, '--out', '-');
      expect(await manifest('--proto', b, '--proto', a, '--proto', b, '--out', '-')).toEqual(one);
      expect(servicesIn(one)).toEqual(['a.A', 'a.B', 'b.S']);
    });
  });

  describe('for protos that import others', () => {
    beforeEach(async () => {
      await put('root/shop/stock.proto', proto('shop.stock', service('Stock', 'Count', 'get: "/stock"')));
      await put(
        'root/shop/cart.proto',
        proto('shop.cart', service('Cart', 'Add', 'post: "/cart"')).replace(
          'import ',
          'import "google/protobuf/timestamp.proto"; import "google/protobuf/api.proto"; import "shop/stock.proto"; import ',
        ),
      );
    });

    it('searches the include directories, and declares the services of the given files only', async () => {
      expect(
        servicesIn(await manifest('--proto', 'root/shop/cart.proto', '--include-dir', 'root', '--out', '-')),
      ).toEqual(['shop.cart.Cart']);
      expect(
        servicesIn(await manifest('--proto', 'shop/cart.proto', '--include-dir', 'root', '--out', '-')),
      ).toEqual(['shop.cart.Cart']);
    });

    it.each([
      [['shop.stock'], ['shop.stock.Stock']],
      [
        ['shop.stock', 'shop.cart'],
        ['shop.cart.Cart', 'shop.stock.Stock'],
      ],
      [['shop'], ['shop.cart.Cart', 'shop.stock.Stock']],
    ])('declares the packages %j, with imported files and packages below', async (packages, services) => {
      const chosen = packages.flatMap((name) => ['--package', name]);
      const given = ['--proto', 'shop/cart.proto', '--include-dir', 'root', '--out', '-'];
      expect(servicesIn(await manifest(...given, ...chosen))).toEqual(services);
    });

    it('names an import that is not found, and what to do', async () => {
      const end = await manifest('--proto', 'root/shop/cart.proto');
      expectFailure(end, 1, 'root/shop/cart.proto imports "shop/stock.proto"', '--include-dir');
    });

    it('lists the packages if one is unknown', async () => {
      const end = await manifest('--proto', 'shop/cart.proto', '--include-dir', 'root', '--package', 'sho');
      expectFailure(end, 1, '--package sho: this package has no service', 'shop.cart, shop.stock');
    });
  });

  describe('with --check', () => {
    it('exits with 0 if the file is up to date, with 1 if it is not, and writes nothing', async () => {
      const file = await put('a.proto', proto('a', service('S', 'Go')));
      expectFailure(await manifest('--proto', file, '--check'), 1, DEFAULT_PATH, 'without --check');
      await expect(readdir(cwd)).resolves.toEqual(['a.proto']);
      await manifest('--proto', file);
      expect(await manifest('--proto', file, '--check')).toMatchObject({
        code: 0,
        stdout: `${DEFAULT_PATH} is up to date\n`,
      });
      const text = await readFile(join(cwd, DEFAULT_PATH), 'utf8');
      await put(DEFAULT_PATH, text.replaceAll('\n', '\r\n'));
      expect(await manifest('--proto', file, '--check')).toMatchObject({ code: 0 });
      const before = await readFile(join(cwd, DEFAULT_PATH), 'utf8');
      await put('a.proto', proto('a', service('S', 'Went')));
      expectFailure(await manifest('--proto', file, '--check'), 1, `${DEFAULT_PATH} is not up to date`);
      expect(await readFile(join(cwd, DEFAULT_PATH), 'utf8')).toBe(before);
    });
  });

  describe('if it fails', () => {
    it.each([
      ['no rpc', 'service S {}', ['no service with an rpc']],
      ['a syntax error', 'service S {', ['cannot load', 'a.proto']],
      ['an unknown type', 'service S { rpc Go(Gone) returns (M); }', ['cannot load', 'Gone']],
      [
        'a route that breaks a rule',
        service('S', 'Go', 'get: "x"'),
        ['/a.S/Go: must start with "/", got "x"'],
      ],
      [
        'two methods of one route',
        `${service('S', 'Go', 'get: "/x"')} ${service('T', 'Go', 'get: "/x"')}`,
        ['/a.T/Go: duplicate route "GET /x"'],
      ],
    ])('says what is wrong with %s', async (_what, body, parts) => {
      const file = await put('a.proto', proto('a', body));
      expectFailure(await manifest('--proto', file), 1, ...parts);
      await expect(readdir(cwd)).resolves.toEqual(['a.proto']);
    });

    it('names a file that does not exist', async () => {
      expectFailure(
        await manifest('--proto', 'gone.proto'),
        1,
        '--proto gone.proto: file not found in the working directory, ',
      );
    });

    it('names a file that cannot be written, and leaves no draft', async () => {
      await put('m.json/x', '');
      expectFailure(await manifest('--proto', LIBRARY_PROTO, '--out', 'm.json'), 1, 'cannot write m.json');
      await expect(readdir(cwd)).resolves.toEqual(['m.json']);
    });
  });

  describe('for invalid arguments', () => {
    it.each([
      [[], 'no command given. Commands: manifest, deregister, run'],
      [['manifst'], 'unknown command manifst. Commands: manifest, deregister, run'],
      [['manifest'], '--proto is required: give a .proto file'],
      [['manifest', '--proto', ''], '--proto must not be empty'],
      [['manifest', '--proto'], "'--proto <value>' argument missing"],
      [
        ['manifest', '--protos', 'a'],
        'unknown option --protos. Options: --proto, --include-dir, --package, --announce-infrastructure, --out, --check, --help\n',
      ],
      [['manifest', 'a.proto'], 'unexpected argument a.proto: give .proto files with --proto'],
      [
        ['manifest', '--proto', 'a', '--check', '--out', '-'],
        '--check cannot be combined with --out -: give the file',
      ],
    ])('exits with 2 for %j', async (args, part) => {
      expectFailure(await runCli(cwd, ...args), 2, part, 'Try nestjs-sidecar-agent --help');
    });

    it.each([[['--help']], [['-h']], [['manifest', '--help']], [['manifest', '-h', '--proto', 'x']]])(
      'prints help for %j',
      async (args) => {
        const { code, stdout, stderr } = await runCli(cwd, ...args);
        expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
        expect(stdout).toMatch(/^Usage: nestjs-sidecar-agent manifest --proto/);
        for (const option of ['--include-dir', '--package', '--out', '--check', DEFAULT_PATH]) {
          expect(stdout).toContain(option);
        }
      },
    );
  });
});
