import { parse, type Token } from 'path-to-regexp';

/** More optional parts than this would be more paths than anybody means. */
const MAX_OPTIONAL_PARTS = 4;
/** A parameter and a custom verb after it, as in `/v1/orders/:id\\:cancel`. */
const CUSTOM_VERB = /^:[\w.~-]+$/;

type Piece = Exclude<Token, { type: 'group' }>;

/**
 * Writes the path of a Nest route as the path templates of the mesh, which are those of `google.api.http`: `/users/:id`
 * becomes `/users/{id}`, and a wildcard `/files/*path` becomes `/files/{path=**}`. An optional part makes two templates.
 *
 * A template has no variable for half a segment and no wildcard but at its end. Where a route has, the template takes in more
 * than the route does, and the service itself says no to the rest: `/files/:name.:ext` becomes `/files/{name}`, and
 * `/files/*path/raw` becomes `/files/{path=**}`.
 *
 * @param path in the syntax of Express 5 (path-to-regexp 8) or, as far as Nest's Fastify adapter takes it, of Fastify
 */
export function pathTemplates(path: string): string[] {
  const templates = readVariants(path).map((pieces) => writeTemplate(splitSegments(pieces)));
  return [...new Set(templates)];
}

function readVariants(path: string): Piece[][] {
  const tokens = parsePath(path) ?? parsePath(modernSyntax(path));
  if (tokens && countGroups(tokens) <= MAX_OPTIONAL_PARTS) return expand(tokens);
  // Everything below the whole segments that can be read.
  const readable = `/${path}`.split(/\{\/|\/[^/]*?(?!\{\/)[{}()[\]:*?+!\\]/)[0] ?? '';
  return [
    [
      { type: 'text', value: `${readable}/` },
      { type: 'wildcard', name: 'path' },
    ],
  ];
}

function parsePath(path: string): Token[] | undefined {
  try {
    return parse(path).tokens;
  } catch {
    return undefined;
  }
}

/** What older versions of Nest took, and Fastify takes still: `:id(\\d+)`, `:id?`, `*`, `(.*)`, `+`, and `::` for a colon. */
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

/** Every reading of the optional parts, those with the part before those without. */
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

/** What would mean something else in a template, or could not stand in a path, is percent-encoded. */
function literal(text: string): string {
  return text.replace(/[\s{}*?#]/g, encodeURIComponent).replaceAll('*', '%2A');
}

/** A name that a template can have. */
function variable(name: string): string {
  return name.replace(/\W/g, '_').replace(/^(?=\d)/, '_');
}
