// GitHub draws the diagrams of the pages; VitePress would show their source.
import { renderMermaidSVG } from 'beautiful-mermaid';

const COLORS = { light: { bg: '#ffffff', fg: '#3c3c43' }, dark: { bg: '#1b1b1f', fg: '#dfdfd6' } };

/** What the browser needs: one picture for each of VitePress's appearances. */
export const DIAGRAM_STYLE = 'html.dark .diagram-light, html:not(.dark) .diagram-dark { display: none }';

/**
 * A plugin of markdown-it that draws state diagrams. Other diagrams stay text: the renderer merges
 * arrows of flow charts with many nodes.
 */
export function diagrams(markdown) {
  const { fence } = markdown.renderer.rules;
  markdown.renderer.rules.fence = (tokens, index, ...others) => {
    const { info, content } = tokens[index];
    if (info.trim() !== 'mermaid' || !content.startsWith('stateDiagram'))
      return fence(tokens, index, ...others);
    return Object.keys(COLORS)
      .map((appearance) => picture(content, appearance))
      .join('\n');
  };
}

/** An `img`, since Vue refuses the `style` that is part of the SVG. */
function picture(source, appearance) {
  const svg = renderMermaidSVG(source, { ...COLORS[appearance], font: 'sans-serif' });
  // Nothing is fetched from other hosts.
  const url = `data:image/svg+xml,${encodeURIComponent(svg.replace(/@import [^;]+;/, ''))}`;
  return `<img class="diagram-${appearance}" alt="State diagram" src="${url}">`;
}
