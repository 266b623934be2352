import { indexGroups, summaryOf } from './outline.mjs';
import { PLACES } from './pages.mjs';

const CHINESE = 'zh-CN/';

/** The sidebar of the English pages: what `docs/README.md` lists. */
export function englishSidebar() {
  const isEnglish = (place) => !place.startsWith(CHINESE);
  return complete(indexGroups('docs/README.md'), isEnglish, { start: 'Start', rest: 'More' });
}

/** The sidebar of the Chinese pages: what their index lists. It marks pages that are in English. */
export function chineseSidebar() {
  const isChinese = (place) => place.startsWith(CHINESE);
  const groups = indexGroups('docs/zh-CN/README.md').map(({ text, items }) => ({
    text,
    items: items.map((item) =>
      isChinese(item.link.slice(1)) ? item : { ...item, text: `${item.text}（英文）` },
    ),
  }));
  return complete(groups, isChinese, { start: '开始', rest: '更多' });
}

/** Whether the site has a page in Chinese. */
export function hasChinese() {
  return [...PLACES.values()].some((place) => place.startsWith(CHINESE));
}

/** Adds the start pages and the pages that the index does not list, so that none is missing. */
function complete(groups, isOfLanguage, { start, rest }) {
  const listed = new Set(groups.flatMap(({ items }) => items.map(({ link }) => link)));
  const others = [...PLACES]
    .filter(([, place]) => place.endsWith('.md') && isOfLanguage(place) && !listed.has(`/${place}`))
    .map(([source, place]) => ({ text: summaryOf(source).title, link: `/${place}` }));
  const isStart = ({ link }) => /\/(index|documentation)\.md$/.test(link);
  return [
    { text: start, items: others.filter(isStart) },
    ...groups,
    { text: rest, items: others.filter((each) => !isStart(each)) },
  ].filter(({ items }) => items.length > 0);
}
