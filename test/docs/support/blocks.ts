import MarkdownIt from 'markdown-it';

/** A part of a page: a heading, a paragraph, a list, an item of it, a table, a cell of it … */
export interface Block {
  /** The name of the HTML element, such as `h2` or `td`. */
  readonly tag: string;
  /** The text, if it is not in parts of its own, with that of code and links. */
  readonly text: string;
  /** The text, with `x` in place of each piece of code. */
  readonly words: string;
  readonly codeSpans: readonly string[];
  readonly links: readonly string[];
}

type Token = ReturnType<MarkdownIt['parse']>[number];

const markdown = new MarkdownIt({ html: true });

/** Returns the parts of a page, each before those that are in it. */
export function blocks(page: string): Block[] {
  const tokens = markdown.parse(page, {});
  return tokens.flatMap(({ type, tag, nesting }, index) => {
    if (type === 'inline' || nesting < 0) return [];
    const next = tokens[index + 1];
    const parts = next?.type === 'inline' ? (next.children ?? []) : [];
    const codeSpans = parts.filter(isCode).map(({ content }) => content);
    const links = parts.flatMap((part) => {
      const target = part.type === 'link_open' ? part.attrGet('href') : null;
      return target === null ? [] : [decodeURI(target)];
    });
    const text = parts.map(textOf).join('');
    const words = parts.map((part) => (isCode(part) ? 'x' : textOf(part))).join('');
    return [{ tag: tag || type, text, words, codeSpans, links }];
  });
}

function textOf({ type, content }: Token): string {
  return type === 'softbreak' ? '\n' : content;
}

function isCode({ type }: Token): boolean {
  return type === 'code_inline';
}
