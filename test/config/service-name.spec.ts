import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import fc, { runs } from '../support/fast-check.js';
import { sidecarAgentConfig } from '../../lib/config/index.js';
import {
  bootstrapOptions,
  grpcClientOptions,
  InvalidOptionsError,
  InvalidSettingsError,
} from '../../lib/index.js';
import { resolveOptions } from '../../lib/options/resolve-options.js';
import { MINIMAL } from '../unit/fixtures/fixtures.js';

type Part = 'name' | 'namespace' | 'type';

const ENDS = [...'abcxyzABCXYZ0189'];
const INNER = [...ENDS, '-', '_'];
const OTHERS = [...'.:/ @é²٣\u0000\n'];

const end = fc.constantFrom(...ENDS);
const text = (characters: readonly string[]) =>
  fc.string({ unit: fc.constantFrom(...characters), maxLength: 70 });
/** Texts that are names, and texts that are nearly names. */
const near = fc.oneof(
  text(INNER),
  text([...INNER, ...OTHERS]),
  fc.tuple(end, text(INNER), end).map((parts) => parts.join('')),
  fc.tuple(end, fc.constantFrom(60, 61, 62), end).map(([a, length, b]) => a + '-'.repeat(length) + b),
  fc.constantFrom('a', 'a\n', '-', '_a', 'a-', 'auth.default.svc.cluster.local', 'ａ'),
);

/** The rule, written without a regular expression. */
function isName(given: string): boolean {
  const characters = [...given];
  const isWhole = characters.every((each) => /[A-Za-z0-9_-]/.test(each));
  const areEndsSound = [characters.at(0), characters.at(-1)].every((each) => each && !'-_'.includes(each));
  return characters.length >= 1 && characters.length <= 63 && isWhole && areEndsSound;
}

describe('the name, the namespace and the type of a service', () => {
  let folder: string;
  const before = { ...process.env };
  const home = process.cwd();

  beforeAll(() => {
    folder = mkdtempSync(join(tmpdir(), 'service-name-'));
    process.chdir(folder);
    Object.assign(process.env, { APP_ID: '1', APP_NAME: 'a', APP_ENV: 'e', APP_VERSION: 'v1' });
  });

  afterAll(() => {
    process.chdir(home);
    rmSync(folder, { recursive: true });
    for (const name of Object.keys(process.env)) if (!(name in before)) delete process.env[name];
    Object.assign(process.env, before);
  });

  /** Reads a service from each place that can give one. */
  const places: Record<string, (service: Partial<Record<Part, string>> & { name: string }) => unknown> = {
    options: (service) => resolveOptions({ ...MINIMAL, service }),
    'options with dns': (service) => resolveOptions({ ...MINIMAL, service, dns: 'auth.mesh' }),
    client: (service) => grpcClientOptions(service, { package: 'a', protoPath: 'a.proto' }),
    file: (service) => {
      writeFileSync('bootstrap.json', JSON.stringify({ app: MINIMAL.app, service }));
      return bootstrapOptions('bootstrap.json');
    },
    environment: (service) => {
      const { name, namespace = '', type = '' } = service;
      Object.assign(process.env, { SERVICE_NAME: name, SERVICE_NAMESPACE: namespace, SERVICE_TYPE: type });
      return sidecarAgentConfig();
    },
  };

  /** The paths at fault; none if the service is taken. */
  function faultsIn(place: string, service: Partial<Record<Part, string>>): string[] {
    try {
      places[place]?.({ name: 'auth', ...service });
      return [];
    } catch (thrown) {
      if (thrown instanceof InvalidOptionsError || thrown instanceof InvalidSettingsError) {
        return thrown.faults.map(({ path }) => path);
      }
      throw thrown;
    }
  }

  const named: Record<string, (part: Part) => string> = {
    options: (part) => `service.${part}`,
    'options with dns': (part) => `service.${part}`,
    client: (part) => `service.${part}`,
    file: (part) => `bootstrap.json: service.${part}`,
    environment: (part) => `SERVICE_${part.toUpperCase()}`,
  };

  it.each(Object.keys(places))('are 1 to 63 letters, digits, "-" and "_" in: %s', (place) => {
    fc.assert(
      fc.property(near, fc.constantFrom<Part>('name', 'namespace', 'type'), (given, part) => {
        // A variable cannot hold NUL. An empty text in a file or a variable counts as not set.
        const isHeld = place !== 'environment' || !given.includes('\0');
        const isEmpty = given.trim() === '' && (place === 'environment' || given === '');
        fc.pre(isHeld && !(isEmpty && ['file', 'environment'].includes(place)));
        const path = named[place]?.(part) ?? '';
        expect(faultsIn(place, { [part]: given })).toEqual(isName(given) ? [] : [path]);
      }),
      { numRuns: runs(300) },
    );
  });

  it.each([
    ['auth.default.svc.cluster.local', 'must be the name alone, such as "auth", not a DNS name'],
    ['auth.v1', 'must be the name alone, such as "auth", not a DNS name'],
    ['.auth', 'must be 1 to 63 letters, digits, "-" or "_", with a letter or digit at both ends'],
  ])('say what is wrong with %j', (name, expected) => {
    expect(() => resolveOptions({ ...MINIMAL, service: { name } })).toThrow(
      `service.name: ${expected}, got "${name}"`,
    );
  });
});
