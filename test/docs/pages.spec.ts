import { execFileSync } from 'node:child_process';
import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { ManualClock } from '../unit/fixtures/manual-clock.js';
import { describe, expect, it } from '@jest/globals';
import { SETTINGS } from '../../lib/config/setting.js';
import { InFlightCalls } from '../../lib/in-flight/in-flight-calls.js';
import { NO_FACTS } from '../../lib/status/registration-facts.js';
import { SidecarStatusService } from '../../lib/status/sidecar-status.service.js';
import { codeSpans, headings, leadingCodeSpans } from './support/markdown.js';
import { CHINESE, DOCUMENTATION, read, ROOT } from './support/pages.js';

/** What this file reads of package.json. */
interface Manifest {
  readonly peerDependencies: Readonly<Record<string, string>>;
  readonly scripts: Readonly<Record<string, string>>;
}

/** The texts of all sources of the package. */
const sources = readdirSync(join(ROOT, 'lib'), { recursive: true, encoding: 'utf8' })
  .filter((path) => path.endsWith('.ts'))
  .map((path) => read(`lib/${path}`));

describe('README.md', () => {
  it('is small', () => {
    expect(Buffer.byteLength(read('README.md'))).toBeLessThanOrEqual(9_216);
  });

  it('has the commands that start the demonstration and the tests', () => {
    expect(read('README.md')).toMatch(/^npm ci && npm start$/m);
    expect(read('README.md')).toMatch(/^npm ci && npm test$/m);
  });
});

describe('the tables', () => {
  it.each([...DOCUMENTATION, ...CHINESE])('of %s fit into a terminal', (page) => {
    const wide = read(page)
      .split('\n')
      .filter((line) => line.startsWith('|') && columns(line) > 100);
    expect(wide).toEqual([]);
  });

  /** A Chinese character is as wide as two letters. */
  function columns(line: string): number {
    return line.replace(/[\u2e80-\uffef]/g, '**').length;
  }
});

describe('docs/options.md, and the one in Chinese', () => {
  it('is what the docstrings of the options say', () => {
    const script = join(ROOT, 'scripts/docs-options.mjs');
    expect(() => execFileSync(process.execPath, [script, '--check'], { stdio: 'pipe' })).not.toThrow();
  });
});

describe.each(['docs/configuration.md', 'docs/zh-CN/configuration.md'])('%s', (name) => {
  it('has every setting with its option', () => {
    const page = read(name);
    const rows = SETTINGS.map(({ variable, option, isRequired }) => ({
      start: `| \`${variable}\`${isRequired ? ' \\*' : ''} `,
      option: `| \`${option}\` `,
    }));
    const lines = page.split('\n');
    const missing = rows.filter(
      ({ start, option }) => !lines.some((line) => line.startsWith(start) && line.includes(option)),
    );
    expect(missing).toEqual([]);
  });
});

describe('the error kinds', () => {
  const kinds = [...read('lib/errors/sidecar-error-kind.ts').matchAll(/^ {2}\| '(\w+)'/gm)].map(
    ([, kind]) => kind ?? '',
  );

  it('have a heading each in docs/troubleshooting.md', () => {
    expect(kinds.length).toBeGreaterThanOrEqual(12);
    const found = headings(read('docs/troubleshooting.md'));
    expect(kinds.filter((kind) => !found.includes(kind))).toEqual([]);
  });

  it('are in the table of docs/status-and-errors.md', () => {
    const page = read('docs/status-and-errors.md');
    expect(kinds.filter((kind) => !page.includes(`| \`${kind}\` `))).toEqual([]);
  });
});

describe('docs/troubleshooting.md', () => {
  it('answers first why a service is not registered', () => {
    expect(headings(read('docs/troubleshooting.md'))[1]).toBe('Why is my service not registered?');
  });

  it('quotes log lines and errors as the sources have them', () => {
    const text = sources.join('\n').toLowerCase();
    const quotes = leadingCodeSpans(read('docs/troubleshooting.md'));
    // `…` stands for data, and one place names the agent; what is around them must be there.
    const fragments = quotes.flatMap((quote) =>
      quote
        .toLowerCase()
        .split(/…|the sidecar-agent(?: at)?/)
        .map((part) => part.trim()),
    );
    expect(quotes.length).toBeGreaterThan(25);
    expect(fragments.filter((fragment) => !text.includes(fragment))).toEqual([]);
  });
});

describe('docs/migration-from-go.md', () => {
  it('names counterparts that exist', () => {
    const words = new Set(sources.join('\n').match(/\w+/g));
    const cells = read('docs/migration-from-go.md')
      .split('\n')
      .filter((line) => line.startsWith('| '))
      .map((line) => line.split(' | ').at(-1) ?? '');
    const named = cells.flatMap(codeSpans).flatMap((span) => span.match(/\w+/g) ?? []);
    expect(named.length).toBeGreaterThan(80);
    expect(named.filter((word) => !words.has(word))).toEqual([]);
  });
});

describe('docs/compatibility.md', () => {
  const page = read('docs/compatibility.md');
  const { peerDependencies, scripts } = JSON.parse(read('package.json')) as Manifest;
  const versionsOf = (text: string) => text.match(/\d+\.\d+(\.\d+)?/g) ?? [];

  it('has the lowest version of every peer', () => {
    const lowest = Object.values(peerDependencies).flatMap(versionsOf);
    expect(lowest.length).toBeGreaterThan(10);
    expect(lowest.filter((version) => !page.includes(version))).toEqual([]);
  });

  it.each([
    ['the process managers', scripts['test:supervisors'] ?? '', 3],
    [
      'the tools that make applications',
      read('test/applications/support/versions.mjs').split('INSTALLED')[0] ?? '',
      4,
    ],
  ])('has the versions of %s', (_what, source, count) => {
    // Those of Nest's generators are in no row: each makes applications of its version of Nest.
    const used = [...source.matchAll(/(?<!@nestjs\/cli)[@'](\d+\.\d+\.\d+)/g)].map(([, version]) => version);
    expect(used).toHaveLength(count);
    expect(used.filter((version) => !page.includes(String(version)))).toEqual([]);
  });

  it('has the versions of the run times that .ci/versions starts', () => {
    const [, nodes = ''] = /^versions='(.+)'$/m.exec(read('.ci/versions')) ?? [];
    const others = [...read('.ci/versions').matchAll(/^step on_(deno|bun) (\d+)$/gm)];
    expect(others.map(([, name]) => name).sort()).toEqual(['bun', 'deno']);
    const row = (name: string) =>
      page.split('\n').filter((line) => line.toLowerCase().startsWith(`| ${name} `));
    expect(nodes.split(' ').filter((version) => !row('node.js').join('').includes(version))).toEqual([]);
    expect(others.filter(([, name = '', version]) => !row(name)[0]?.includes(` ${version} `))).toEqual([]);
  });
});

describe('docs/status-and-errors.md', () => {
  it('has every phase in a table', () => {
    const phases = [...read('lib/status/registration-phase.ts').matchAll(/^ {2}\| '(\w+)'/gm)];
    expect(phases.length).toBeGreaterThan(7);
    const page = read('docs/status-and-errors.md');
    expect(phases.filter(([, phase]) => !page.includes(`| \`${phase}\` `))).toEqual([]);
  });

  it('names every error class and every field of the status', () => {
    const spans = codeSpans(read('docs/status-and-errors.md'));
    const classes = sources.flatMap((source) =>
      [...source.matchAll(/^export class (\w+Error) extends SidecarAgentError/gm)].map(([, name]) => name),
    );
    const fields = Object.keys(
      new SidecarStatusService(NO_FACTS, new InFlightCalls(new ManualClock())).status(),
    );
    expect(classes.length).toBeGreaterThan(8);
    const internal = ['CliError'];
    const expected = [...classes, ...fields].filter((name) => !internal.includes(String(name)));
    expect(expected.filter((name) => !spans.includes(String(name)))).toEqual([]);
  });
});
