import { readFileSync } from 'node:fs';
import { join } from 'node:path';

const ROOT = join(import.meta.dirname, '../../..');
const read = (path) => readFileSync(join(ROOT, path), 'utf8');

/**
 * Returns the files of a service, by path: the gRPC service of the README and the HTTP service of
 * docs/http-services.md, of which the first argument of the main chooses one.
 *
 * @param {'ES modules' | 'CommonJS'} modules the module system, as the generator set it up
 */
export function serviceFiles(modules) {
  const files = {
    'proto/auth.proto': read('sample/01-grpc-service/proto/auth.proto'),
    'src/auth.controller.ts': read('sample/01-grpc-service/src/auth.controller.ts'),
    'src/grpc.options.ts': replaced(
      shown('README.md', 'grpc.options.ts'),
      "'0.0.0.0:10500'",
      'process.env.GRPC_URL',
    ),
    'src/app.module.ts': quick(shown('README.md', 'app.module.ts'), '      baseUrl:'),
    'src/books/app.module.ts': quick(
      shown('docs/http-services.md', 'books/app.module.ts'),
      "      protocol: 'http',",
      '      baseUrl: process.env.SIDECAR_AGENT_BASE_URL,\n',
    ),
    'src/main.ts': main(),
  };
  return modules === 'CommonJS' ? inCommonJs(files) : files;
}

/** The main of the README, and what else the first argument can choose. */
function main() {
  const shownMain = shown('README.md', 'main.ts');
  const [imports, run] = replaced(shownMain, '{ runSidecarApp }', '{ protoIncludeDir, runSidecarApp }').split(
    /(?=^await )/m,
  );
  return `${imports}import { AppModule as BooksModule } from './books/app.module.js';

async function serveAuth() {
${run}}

async function serveBooks() {
  const create = () => NestFactory.create(BooksModule, { abortOnError: false });
  await runSidecarApp(create, { listen: { port: 0, host: '127.0.0.1' } });
}

const services: Record<string, () => unknown> = {
  auth: serveAuth,
  books: serveBooks,
  protos: () => console.log(protoIncludeDir()),
};
void services[process.argv[2]]();
`;
}

/** The service leaves at once. */
function quick(text, before, more = '') {
  return replaced(text, before, `      drainDelay: 0,\n${more}${before}`);
}

/** As the README says: `__dirname`. And as Nest 11 writes imports. */
function inCommonJs(files) {
  const changed = Object.entries(files).map(([path, text]) => [
    path,
    text.replaceAll('import.meta.dirname', '__dirname').replace(/(from '\.[^']*)\.js'/g, "$1'"),
  ]);
  return Object.fromEntries(changed);
}

/** Returns the block of a page that is the file of this name. */
function shown(page, file) {
  const [, rest] = read(page).split(`<!-- file: ${file} -->\n\n\`\`\`ts\n`);
  if (rest === undefined) throw new Error(`${page} shows no ${file}`);
  return rest.split('```')[0];
}

function replaced(text, old, replacement) {
  if (!text.includes(old)) throw new Error(`there is no ${old} in\n${text}`);
  return text.replace(old, replacement);
}
