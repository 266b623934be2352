import { existsSync, readdirSync } from 'node:fs';
import { basename, join } from 'node:path';
import { describe, expect, it } from '@jest/globals';
import { codeBlocks, codeSpans, leadingCodeSpans } from './support/markdown.js';
import { read, ROOT } from './support/pages.js';

/** What each room of `lib` may import, by its name; `type:` allows types alone. */
type Rooms = Readonly<Record<string, readonly string[]>>;

const config = new URL('../../.dependency-cruiser.mjs', import.meta.url).href;
const { ROOMS: rooms } = (await import(config)) as { ROOMS: Rooms };
const page = read('docs/architecture.md');

/** What most rooms may import: drawn, it would hide the rest. */
const NOT_DRAWN = ['errors', 'support'];

const fileNames = readdirSync(join(ROOT, 'lib'), { recursive: true, encoding: 'utf8' }).map((path) =>
  basename(path),
);

/** A path from the root, or the name of one file in `lib`. */
function isThere(path: string): boolean {
  return existsSync(join(ROOT, path)) || fileNames.filter((name) => name === path).length === 1;
}

/** The room that a permit leads to: `service` for `service/grpc`. */
function roomOf(permit: string): string {
  return permit.split('/')[0] ?? permit;
}

/** The arrows that `.dependency-cruiser.mjs` allows, as the picture writes them. */
function allowedArrows(): string[] {
  return Object.entries(rooms).flatMap(([room, permits]) =>
    permits
      .filter((permit) => !NOT_DRAWN.includes(permit))
      .map((permit) =>
        permit.startsWith('type:')
          ? `${room} -.-> ${roomOf(permit.slice(5))}`
          : `${room} --> ${roomOf(permit)}`,
      ),
  );
}

/** The arrows of the picture, with the labels of their ends. */
function drawnArrows(): string[] {
  const picture = codeBlocks(page).find(({ language }) => language === 'mermaid')?.code ?? '';
  const labels = new Map([...picture.matchAll(/^ *(\S+)\["(.+)"\]$/gm)].map(([, id, label]) => [id, label]));
  return [...picture.matchAll(/^ *(\S+) (--|-\.-)> (\S+)$/gm)].map(
    ([, from, arrow, to]) => `${labels.get(from) ?? from} ${arrow}> ${labels.get(to) ?? to}`,
  );
}

describe('docs/architecture.md', () => {
  it('draws the arrows that the tool allows', () => {
    expect(drawnArrows().sort()).toEqual(allowedArrows().sort());
  });

  it('has a line for every room', () => {
    const described = leadingCodeSpans(page);
    expect(Object.keys(rooms).filter((room) => !described.includes(room))).toEqual([]);
  });
});

describe('the paths', () => {
  it.each(['docs/architecture.md', 'CONTRIBUTING.md', 'docs/reliability.md', 'docs/compatibility.md'])(
    'that %s names exist',
    (name) => {
      const paths = codeSpans(read(name)).filter(
        (span) => /^(lib|test|docs|scripts|sample|bench)\//.test(span) || /^[\w.-]+\.(ts|mjs|md)$/.test(span),
      );
      const missing = paths.filter((path) => !isThere(path) && !isThere(`test/faults/${path}`));
      expect(paths.length).toBeGreaterThan(5);
      expect(missing).toEqual([]);
    },
  );
});
