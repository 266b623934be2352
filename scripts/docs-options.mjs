// Writes docs/options.md from the docstrings of the options. With --check it writes nothing, and
// exits with 1 if the page is not up to date.
import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { format, resolveConfig } from 'prettier';
import ts from 'typescript';

const ROOT = join(import.meta.dirname, '..');
const PAGE = join(ROOT, 'docs/options.md');
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
  'What is registered': {
    text: 'Only `app`, `service` and, for a gRPC service, `grpc` (or `methods` and `serverPort`) are required.',
    options: [
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
  },
  'HTTP routes': {
    text: 'See [HTTP routes](http-routes.md).',
    options: ['httpRoutes', 'gatewayManifestPath', 'manifestMismatch'],
  },
  'The agent': {
    text: 'Agents listen on port 15010, newer ones on 18600.',
    options: ['baseUrl', 'watchUrl', 'socketPath', 'headers', 'tls', 'dialect'],
  },
  'Time limits and retries': {
    options: [
      'requestTimeout',
      'reconnectInterval',
      'maxReconnectInterval',
      'reassertInterval',
      'idleTimeout',
      'maxEventBytes',
    ],
  },
  Shutdown: {
    text: 'See [the steps of the shutdown](lifecycle.md#shutdown).',
    options: [
      'gracePeriod',
      'drainDelay',
      'probePaths',
      'shutdownTimeout',
      'holdProcessExit',
      'registrationFile',
    ],
  },
  'Start and errors': { options: ['enabled', 'waitForRegistration', 'onError'] },
  'The module': {
    text: 'Given beside the options, in `forRoot` and `forRootAsync`.',
    options: ['name', 'isGlobal', 'providers'],
  },
};

const HEAD = `# Options

[Documentation](README.md)

<!-- Generated from the docstrings by \`npm run docs:options\`. Change the docstrings, not this page. -->

The options of \`SidecarAgentModule.forRoot()\` and of the factory of \`forRootAsync()\`. Values that differ
from host to host can come from a file or from the environment: see [configuration](configuration.md).

- **Durations** are milliseconds, or a text in Go's notation: \`'20s'\`, \`'1m30s'\`, \`'500ms'\`.
- **Faults** are reported all at once when Nest creates the app: one \`InvalidOptionsError\` names each
  option by its path.
- **Types** are exported by \`nestjs-sidecar-agent\`, those with \`Grpc\` in their name by
  \`@nestjs/microservices\`.
`;

const interfaces = new Map(SOURCES.flatMap(readInterfaces));
const lost = [...TOP, ...NESTED].filter((name) => !interfaces.has(name));
if (lost.length > 0) throw new Error(`SOURCES of scripts/docs-options.mjs lack ${lost.join(', ')}`);
const page = await render();
const { argv } = process;
if (!argv.includes('--check')) {
  writeFileSync(PAGE, page);
} else if (readFileSync(PAGE, 'utf8') !== page) {
  console.error('docs/options.md is not up to date with the docstrings: run "npm run docs:options"');
  process.exitCode = 1;
}

function readInterfaces(path) {
  const source = ts.createSourceFile(
    path,
    readFileSync(join(ROOT, path), 'utf8'),
    ts.ScriptTarget.Latest,
    true,
  );
  return source.statements
    .filter(ts.isInterfaceDeclaration)
    .map((declaration) => [declaration.name.text, declaration.members.map(readOption)]);
}

function readOption(member) {
  const [jsDoc] = ts.getJSDocCommentsAndTags(member).filter(ts.isJSDoc);
  const fallback = jsDoc?.tags?.find(({ tagName }) => tagName.text === 'default');
  return {
    name: member.name.getText(),
    type: member.type.getText().replace(/\s+/g, ' '),
    isRequired: member.questionToken === undefined,
    text: textOf(jsDoc?.comment),
    fallback: textOf(fallback?.comment),
  };
}

function textOf(comment) {
  const text = ts.getTextOfJSDocComment(comment) ?? '';
  return text.replace(/\{@link(?:code|plain)? ([^\s}|]+)[^}]*\}/g, '`$1`').trim();
}

async function render() {
  const options = TOP.flatMap((name) => interfaces.get(name));
  const placed = Object.values(GROUPS).flatMap((group) => group.options);
  const known = options.map(({ name }) => name);
  const stray = [
    ...known.filter((name) => !placed.includes(name)),
    ...placed.filter((name) => !known.includes(name)),
  ];
  if (stray.length > 0) throw new Error(`GROUPS of scripts/docs-options.mjs do not fit: ${stray.join(', ')}`);
  const sections = Object.entries(GROUPS).map(([title, group]) => {
    const items = group.options.map((name) =>
      item(
        options.find((option) => option.name === name),
        '',
      ),
    );
    return [`## ${title}`, group.text, items.join('\n')].filter(Boolean).join('\n\n');
  });
  const config = await resolveConfig(PAGE);
  const text = [HEAD, ...sections].join('\n\n');
  return format(text, { ...config, parser: 'markdown', proseWrap: 'always', printWidth: 100 });
}

/** An option, and below it the fields of its type if that is one of the interfaces. */
function item({ name, type, isRequired, text, fallback }, prefix) {
  const path = `${prefix}${name}`;
  const head = `**\`${path}\`** (\`${type}\`${isRequired ? ', required' : ''})`;
  const last = fallback && `Default: ${quoted(fallback.replace(/\.$/, ''))}.`;
  const lists = /^\s*- /m.test(text);
  const body = lists ? [text, last].filter(Boolean).join('\n\n') : [text, last].filter(Boolean).join(' ');
  const nested = NESTED.includes(type) ? interfaces.get(type) : [];
  const fields = nested.map((field) => item(field, `${path}.`));
  const lines = [body ? `${head}: ${body}` : head, ...fields].join('\n');
  return `- ${indented(lines).trimStart()}`;
}

/** A value in code, words as they are. */
function quoted(fallback) {
  return fallback.replace(/^('[^']*'|\[\]|(\d+|true|false)$)/, '`$1`');
}

function indented(text) {
  return text.replace(/^(?=.)/gm, '  ');
}
