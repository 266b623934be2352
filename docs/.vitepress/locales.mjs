// The words of the site's frame in both languages.
import { chineseSidebar, englishSidebar, hasChinese } from './sidebar.mjs';

// Not a page: typedoc writes it, and the browser loads it as a whole.
const api = (text) => ({ text, link: '/api/index.html', target: '_self' });

const english = {
  label: 'English',
  lang: 'en',
  themeConfig: {
    nav: [{ text: 'Documentation', link: '/documentation.md' }, api('API')],
    sidebar: englishSidebar(),
  },
};

const chinese = {
  label: '简体中文',
  lang: 'zh-CN',
  description: '把 NestJS 服务接入 sidecar-agent 网格：注册、重放注册、摘流、注销。',
  themeConfig: {
    nav: [{ text: '文档', link: '/zh-CN/documentation.md' }, api('API')],
    sidebar: chineseSidebar(),
    outline: { label: '本页目录', level: [2, 3] },
    docFooter: { prev: '上一页', next: '下一页' },
    darkModeSwitchLabel: '外观',
    lightModeSwitchTitle: '切换到浅色模式',
    darkModeSwitchTitle: '切换到深色模式',
    sidebarMenuLabel: '菜单',
    returnToTopLabel: '回到顶部',
    langMenuLabel: '语言',
    notFound: {
      title: '页面不存在',
      quote: '链接可能有误，或者页面已经移走。',
      linkText: '返回首页',
      linkLabel: '返回首页',
    },
  },
};

export const LOCALES = { root: english, ...(hasChinese() ? { 'zh-CN': chinese } : {}) };

/** The search box in Chinese. */
export const CHINESE_SEARCH = {
  button: { buttonText: '搜索', buttonAriaLabel: '搜索' },
  modal: {
    displayDetails: '显示详细列表',
    resetButtonTitle: '清除',
    backButtonTitle: '关闭',
    noResultsText: '没有结果：',
    footer: { selectText: '选择', navigateText: '切换', closeText: '关闭' },
  },
};
