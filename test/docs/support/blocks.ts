import MarkdownIt from 'markdown-it';

/** A part of a page: a heading, a paragraph, a list, an item of it, a table, a cell of it … */
export interface Block {
  /** The name of the HTML element, such as `h2` or `td`. */
  readonly tag: string;
  /** The text, if it is not in parts of its own, with that of code and links. */
  readonly text: string;
  /** The text without code. */
  readonly words: string;
  readonly codeSpans: readonly string[];
  readonly links: readonly string[];
}

const markdown = new MarkdownIt({ html: true });

/** Returns the parts of a page, each before those that are in it. */
export function blocks(page: string): Block[] {
  const tokens = markdown.parse(page, {});
  return tokens.flatMap(({ type, tag, nesting }, index) => {
    if (type === 'inline' || nesting < 0) return [];
    const next = tokens[index + 1];
    const parts = next?.type === 'inline' ? (next.children ?? []) : [];
    const [words, codeSpans] = [false, true].map((isCode) =>
      parts.filter((part) => (part.type === 'code_inline') === isCode).map(({ content }) => content),
    );
    const links = parts.flatMap((part) => {
      const target = part.type === 'link_open' ? part.attrGet('href') : null;
      return target === null ? [] : [decodeURI(target)];
    });
    const text = parts.map(({ content }) => content).join('');
    return [{ tag: tag || type, text, words: words?.join(' ') ?? '', codeSpans: codeSpans ?? [], links }];
  });
}
