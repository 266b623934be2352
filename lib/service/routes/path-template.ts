import { requirePathToRegexp } from '../../support/late-packages.cjs';
import type { Token } from 'path-to-regexp';

/** Every optional part doubles the templates: 4 parts make 16. */
const MAX_OPTIONAL_PARTS = 4;
/** A custom verb after a parameter, as in `/v1/orders/:id\\:cancel`. */
const CUSTOM_VERB = /^:[\w.~-]+$/;

/** What a segment cannot hold, and `*`: see RFC 3986, 3.3. A part is encoded as UTF-8. */
const NOT_IN_PATH = /%(?![\da-f]{2})|[^\w.~!$&'()+,;=:@%-]+/gi;

type Piece = Exclude<Token, { type: 'group' }>;

/**
 * Converts the path of a Nest route to path templates of `google.api.http`, which the mesh uses:
 * `/users/:id` becomes `/users/{id}`, and the wildcard `/files/*path` becomes `/files/{path=**}`.
 * An optional part makes two templates.
 *
 * A template has no variable for a part of a segment, and a wildcard only at its end. If the route
 * has one elsewhere, its template covers more than the route, and your app answers 404 to the rest:
 * `/files/:name.:ext` becomes `/files/{name}`, and `/files/*path/raw` becomes `/files/{path=**}`.
 *
 * @param path in the syntax of Express 5 (path-to-regexp 8), or in Fastify's as far as Nest's
 *   Fastify adapter accepts it
 */
export function pathTemplates(path: string): string[] {
  const templates = readVariants(path).map((pieces) => writeTemplate(splitSegments(pieces)));
  return [...new Set(templates)];
}

function readVariants(path: string): Piece[][] {
  const tokens = parsePath(path) ?? parsePath(modernSyntax(path));
  if (tokens && countGroups(tokens) <= MAX_OPTIONAL_PARTS) return expand(tokens);
  // A wildcard below the last segment that can be read.
  const readable = `/${path}`.split(/\{\/|\/[^/]*?(?!\{\/)[{}()[\]:*?+!\\]/)[0] ?? '';
  return [
    [
      { type: 'text', value: `${readable}/` },
      { type: 'wildcard', name: 'path' },
    ],
  ];
}

function parsePath(path: string): Token[] | undefined {
  // Not imported above: gRPC services do not need it. A failure to load it is not a fault of the
  // path.
  const { parse } = requirePathToRegexp() as typeof import('path-to-regexp');
  try {
    return parse(path).tokens;
  } catch {
    return undefined;
  }
}

/**
 * Converts the syntax of older Nest versions and of Fastify: `:id(\\d+)`, `:id?`, `*`, `(.*)`, `+`,
 * and `::` for a colon.
 */
function modernSyntax(path: string): string {
  return path
    .replaceAll('::', '\\:')
    .replace(/:(\w+)\((?:[^()\\]|\\.|\([^()]*\))*\)/g, ':"$1"')
    .replace(/\/(:\w+)\?(?=\/|$)/g, '{/$1}')
    .replace(/\/(?:\(\.\*\)|\*|\+)(?=\/|$)/g, '/*path');
}

function countGroups(tokens: readonly Token[]): number {
  return tokens.reduce((sum, token) => sum + (token.type === 'group' ? 1 + countGroups(token.tokens) : 0), 0);
}

/** Returns every combination of the optional parts; those with a part come before those without. */
function expand(tokens: readonly Token[]): Piece[][] {
  const [first, ...rest] = tokens;
  if (!first) return [[]];
  const tails = expand(rest);
  const heads = first.type === 'group' ? [...expand(first.tokens), []] : [[first]];
  return heads.flatMap((head) => tails.map((tail) => [...head, ...tail]));
}

function splitSegments(pieces: readonly Piece[]): Piece[][] {
  const segments: Piece[][] = [[]];
  for (const piece of pieces) {
    const [head, ...others] = piece.type === 'text' ? piece.value.split('/').map(asText) : [piece];
    if (head) segments.at(-1)?.push(head);
    segments.push(...others.map((other) => [other]));
  }
  return segments
    .map((segment) => segment.filter((piece) => piece.type !== 'text' || piece.value !== ''))
    .filter((segment) => segment.length > 0);
}

function asText(value: string): Piece {
  return { type: 'text', value };
}

function writeTemplate(segments: readonly Piece[][]): string {
  let template = '';
  for (const [index, segment] of segments.entries()) {
    const wildcard = segment.find((piece) => piece.type === 'wildcard');
    if (wildcard) return `${template}/{${variable(wildcard.name)}=**}`;
    template += `/${writeSegment(segment, index === segments.length - 1)}`;
  }
  return template || '/';
}

function writeSegment(segment: readonly Piece[], isLast: boolean): string {
  const param = segment.find((piece) => piece.type === 'param');
  if (!param) return segment.map((piece) => (piece.type === 'text' ? literal(piece.value) : '')).join('');
  const [first, second] = segment;
  const verb =
    isLast && segment.length === 2 && first === param && second?.type === 'text' ? second.value : '';
  return `{${variable(param.name)}}${CUSTOM_VERB.test(verb) ? verb : ''}`;
}

/** Percent-encodes characters that have a meaning in a template or are not allowed in a path. */
function literal(text: string): string {
  return text.replace(NOT_IN_PATH, (part) =>
    [...Buffer.from(part)].map((byte) => `%${byte.toString(16).toUpperCase().padStart(2, '0')}`).join(''),
  );
}

/** Returns a name that a template's variable can have. */
function variable(name: string): string {
  return name.replace(/\W/g, '_').replace(/^(?=\d)/, '_');
}
