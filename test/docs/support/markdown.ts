import GithubSlugger from 'github-slugger';
import MarkdownIt from 'markdown-it';

/** A fenced code block. */
export interface CodeBlock {
  readonly language: string;
  readonly code: string;
  /** The line of the page on which the code begins. */
  readonly line: number;
  /** The name in `<!-- file: NAME -->` before the block. */
  readonly file?: string;
  /** The names in `<!-- prelude: NAME, NAME -->` before the block. */
  readonly preludes: readonly string[];
}

type Token = ReturnType<MarkdownIt['parse']>[number];

const markdown = new MarkdownIt({ html: true });

/** Returns the fenced code blocks of a page. */
export function codeBlocks(page: string): CodeBlock[] {
  const tokens = markdown.parse(page, {});
  return tokens.flatMap((token, index) => {
    if (token.type !== 'fence') return [];
    const comment = commentOf(tokens[index - 1]);
    return [
      {
        language: token.info.trim(),
        code: token.content,
        line: (token.map?.[0] ?? 0) + 2,
        file: comment?.key === 'file' ? comment.value : undefined,
        preludes: comment?.key === 'prelude' ? comment.value.split(/,\s*/) : [],
      },
    ];
  });
}

/** Returns the targets of a page's links and images. */
export function linkTargets(page: string): string[] {
  return inlineTokens(page).flatMap((token) => {
    const target = token.attrGet(token.type === 'image' ? 'src' : 'href');
    return (token.type === 'link_open' || token.type === 'image') && target !== null ? [target] : [];
  });
}

/** Returns the texts in backquotes. */
export function codeSpans(page: string): string[] {
  return inlineTokens(page).flatMap(({ type, content }) => (type === 'code_inline' ? [content] : []));
}

/** Returns the texts in backquotes with which items of lists begin. */
export function leadingCodeSpans(page: string): string[] {
  const tokens = markdown.parse(page, {});
  return tokens.flatMap((token, index) => {
    const item = tokens.slice(index, index + 3);
    const [first] = item[2]?.children ?? [];
    if (token.type !== 'list_item_open' || first?.type !== 'code_inline') return [];
    return [first.content];
  });
}

/** Returns the anchors of a page's headings, as GitHub makes them. */
export function headingAnchors(page: string): string[] {
  const slugger = new GithubSlugger();
  return headings(page).map((text) => slugger.slug(text));
}

/** Returns the texts of a page's headings. */
export function headings(page: string): string[] {
  const tokens = markdown.parse(page, {});
  return tokens.flatMap((token, index) => {
    if (token.type !== 'heading_open') return [];
    const children = tokens[index + 1]?.children ?? [];
    return [children.map(({ content }) => content).join('')];
  });
}

function inlineTokens(page: string): Token[] {
  return markdown.parse(page, {}).flatMap(({ children }) => children ?? []);
}

function commentOf(token: Token | undefined): { key: string; value: string } | undefined {
  const match = /^<!-- (\w+): (.+) -->$/.exec(token?.content.trim() ?? '');
  return match ? { key: match[1] ?? '', value: match[2] ?? '' } : undefined;
}
