// Writes docs/options.md from the docstrings of the options, and docs/zh-CN/options.md from the
// same names, types and defaults and the texts of docs-options/chinese.mjs. With --check it writes
// nothing, and exits with 1 if a page is not up to date.
import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { format, resolveConfig } from 'prettier';
import { CHINESE } from './docs-options/chinese.mjs';
import { ENGLISH } from './docs-options/english.mjs';
import { readInterfaces } from './docs-options/read-interfaces.mjs';

const ROOT = join(import.meta.dirname, '..');
const SOURCES = [
  ...readdirSync(join(ROOT, 'lib/options'))
    .filter((name) => name.endsWith('.interface.ts'))
    .map((name) => `lib/options/${name}`),
  'lib/sidecar-agent.module-definition.ts',
  'lib/service/service-node.ts',
];
/** The interfaces of the options themselves, and of options that have fields of their own. */
const TOP = [
  'SidecarAgentOptions',
  'HttpRouteOptions',
  'RegistrationFileOptions',
  'ShutdownOptions',
  'SidecarAgentModuleExtras',
];
const NESTED = ['AppOptions', 'ServiceOptions', 'Kernel'];

/** Every option has its place here: an option that is not named stops the script. */
const GROUPS = {
  'What is registered': [
    'app',
    'service',
    'protocol',
    'grpc',
    'methods',
    'announceInfrastructure',
    'serverPort',
    'managedPort',
    'dns',
    'kernel',
  ],
  'HTTP routes': ['httpRoutes', 'gatewayManifestPath', 'manifestMismatch'],
  'The agent': ['baseUrl', 'watchUrl', 'socketPath', 'headers', 'tls', 'dialect'],
  'Time limits and retries': [
    'requestTimeout',
    'reconnectInterval',
    'maxReconnectInterval',
    'reassertInterval',
    'idleTimeout',
    'maxEventBytes',
  ],
  Shutdown: [
    'gracePeriod',
    'drainDelay',
    'probePaths',
    'shutdownTimeout',
    'holdProcessExit',
    'registrationFile',
  ],
  'Start and errors': ['enabled', 'waitForRegistration', 'onError'],
  'The module': ['name', 'isGlobal', 'providers'],
};

const interfaces = new Map(SOURCES.flatMap((path) => readInterfaces(join(ROOT, path))));
const lost = [...TOP, ...NESTED].filter((name) => !interfaces.has(name));
if (lost.length > 0) throw new Error(`SOURCES of scripts/docs-options.mjs lack ${lost.join(', ')}`);
checkGroups();
checkMeanings();
for (const language of [ENGLISH, CHINESE]) {
  const page = await render(language);
  const file = join(ROOT, language.page);
  if (!process.argv.includes('--check')) {
    writeFileSync(file, page);
  } else if (readFileSync(file, 'utf8') !== page) {
    console.error(`${language.page} is not up to date with the docstrings: run "npm run docs:options"`);
    process.exitCode = 1;
  }
}

function checkGroups() {
  const known = TOP.flatMap((name) => interfaces.get(name)).map(({ name }) => name);
  const stray = differences(known, Object.values(GROUPS).flat());
  if (stray.length > 0) throw new Error(`GROUPS of scripts/docs-options.mjs do not fit: ${stray.join(', ')}`);
}

/** Throws if the Chinese texts and the options differ in a name, or in a default in words. */
function checkMeanings() {
  const options = TOP.flatMap((name) => interfaces.get(name)).flatMap((option) => [
    { ...option, path: option.name },
    ...fieldsOf(option).map((field) => ({ ...field, path: `${option.name}.${field.name}` })),
  ]);
  const paths = options.map(({ path }) => path);
  const { meanings } = CHINESE;
  const defaults = options
    .filter(({ path }) => path in meanings)
    .filter(({ path, fallback }) => isSentence(fallback) !== Boolean(meanings[path].fallback))
    .map(({ path }) => `the default of ${path}`);
  const stray = [...differences(paths, Object.keys(meanings)), ...defaults];
  if (stray.length > 0)
    throw new Error(`meanings of scripts/docs-options/chinese.mjs do not fit: ${stray.join(', ')}`);
}

/** The names that only one of two lists has. */
function differences(one, other) {
  return [...one.filter((name) => !other.includes(name)), ...other.filter((name) => !one.includes(name))];
}

async function render(language) {
  const options = TOP.flatMap((name) => interfaces.get(name));
  const sections = Object.entries(GROUPS).map(([group, names]) => {
    const { title = group, text } = language.groups[group] ?? {};
    const items = names.map((name) =>
      item(
        options.find((option) => option.name === name),
        '',
        language,
      ),
    );
    return [`## ${title}`, text, items.join('\n')].filter(Boolean).join('\n\n');
  });
  const config = await resolveConfig(join(ROOT, language.page));
  const text = [language.head, ...sections].join('\n\n');
  const { proseWrap } = language;
  return format(text, { ...config, parser: 'markdown', proseWrap, printWidth: 100 });
}

/** An option, and below it the fields of its type if that is one of the interfaces. */
function item(option, prefix, language) {
  const path = `${prefix}${option.name}`;
  const { text, fallback } = meaningOf(option, path, language);
  const head = language.name(path, option.type, option.isRequired);
  const last = fallback && language.fallback(quoted(fallback.replace(/\.$/, '')));
  const lists = /^\s*- /m.test(text);
  const body = [text, last].filter(Boolean).join(lists ? '\n\n' : language.gap);
  const fields = fieldsOf(option).map((field) => item(field, `${path}.`, language));
  const lines = [body ? `${head}${language.colon}${body}` : head, ...fields].join('\n');
  return `- ${indented(lines).trimStart()}`;
}

/** What an option means and its default, in a language. */
function meaningOf({ text, fallback }, path, { meanings }) {
  if (!meanings) return { text, fallback };
  const meaning = meanings[path];
  const translated = typeof meaning === 'string' ? { text: meaning } : meaning;
  return { fallback, ...translated, text: [translated.text].flat().join('\n') };
}

function fieldsOf({ type }) {
  return NESTED.includes(type) ? interfaces.get(type) : [];
}

/** Whether a default is more than one value in code. */
function isSentence(fallback) {
  return fallback !== '' && !/^`[^`]*`$/.test(quoted(fallback));
}

/** A value in code, words as they are. */
function quoted(fallback) {
  return fallback.replace(/^('[^']*'|\[\]|(\d+|true|false)$)/, '`$1`');
}

function indented(text) {
  return text.replace(/^(?=.)/gm, '  ');
}
