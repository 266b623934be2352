import type { Run } from '../add-flags.js';
import { rootModuleOf } from '../source/app-start.js';
import { connectGrpc, namesGrpc, type ImportedOptions } from '../source/edit-main.js';
import type { Source } from '../source/source.js';
import { indentAt } from '../source/text-edits.js';

const START = ['await app.startAllMicroservices();', 'await app.listen(process.env.PORT ?? 3000);'];
const HOOKS = [`app.enableShutdownHooks(['SIGTERM', 'SIGINT'], { useProcessExit: true });`];

/**
 * Returns the lines to write into a main file that the schematic does not edit.
 *
 * @param main the main file, if it could be read
 */
export function mainByHand(main: Source | undefined, run: Run, options: ImportedOptions): string[] {
  const isServed = options.isServed || (main !== undefined && namesGrpc(main));
  const imports = [
    ...(isServed
      ? []
      : [
          ...missing(main, ['type MicroserviceOptions', 'Transport'], '@nestjs/microservices'),
          ...missing(main, [options.name], options.path),
        ]),
    ...(run === 'managed' ? missing(main, ['runSidecarApp'], 'nestjs-sidecar-agent') : []),
  ];
  const connect = isServed ? [] : connectGrpc('app', options.expression ?? options.name);
  return [...imports, ...(imports.length > 0 ? [''] : []), ...linesFor(main, run, connect)];
}

/** Returns the import of those names that the file does not import yet. */
function missing(main: Source | undefined, names: readonly string[], path: string): string[] {
  const needed = names.filter((name) => main?.importOf(name.replace(/^type /, '')) === undefined);
  return needed.length === 0 ? [] : [`import { ${needed.join(', ')} } from '${path}';`];
}

function linesFor(main: Source | undefined, run: Run, connect: readonly string[]): string[] {
  const [creations = 0, microservices = 0] = ['create', 'createMicroservice'].map(
    (name) => main?.callsNamed(name).filter(isOfNest).length,
  );
  if (creations + microservices > 1) return amongSeveral(run, connect);
  if (main && microservices > 0) {
    return connect.length > 0 ? hybrid(main, run, connect) : microservice(run);
  }
  return ['// in place of await app.listen(…)', ...connect, ...start(run)];
}

function isOfNest({ expression }: { readonly expression: { getText(): string } }): boolean {
  return expression.getText().startsWith('NestFactory');
}

function start(run: Run): string[] {
  return run === 'hooks' ? [...HOOKS, ...START] : managed(START);
}

function managed(statements: readonly string[]): string[] {
  const inner = statements.map((line) => `    ${line}`);
  return ['await runSidecarApp(app, {', '  listen: async () => {', ...inner, '  },', '});'];
}

/** A run ends with the process, so nothing that starts may follow it. */
function amongSeveral(run: Run, connect: readonly string[]): string[] {
  const which = '// app: the one whose root module has SidecarAgentModule';
  if (run === 'hooks') return [which, '// in place of its await app.listen(…)', ...connect, ...start(run)];
  return [
    which,
    '// in place of its await app.listen(…), as the last statements, after the other apps listen:',
    '// the promise of runSidecarApp resolves only when the process ends',
    ...connect,
    ...managed(START),
    '// then close each of the others',
    'await other.close();',
  ];
}

/** An app of `createMicroservice` has one server, so it becomes an app with two. */
function hybrid(main: Source, run: Run, connect: readonly string[]): string[] {
  const [call] = main.callsNamed('createMicroservice');
  const type = call?.typeArguments?.[0]?.getText() ?? 'MicroserviceOptions';
  const given = call?.arguments[1];
  const indent = given ? indentAt(main.text, given.getStart()) : '';
  const options = given?.getText().replaceAll(`\n${indent}`, '\n') ?? '{ transport: Transport.TCP }';
  return [
    '// in place of NestFactory.createMicroservice(…): one app with both servers',
    `const app = await NestFactory.create(${rootModuleOf(main) ?? 'AppModule'});`,
    ...`app.connectMicroservice<${type}>(${options});`.split(/\r?\n/),
    ...connect,
    '',
    '// in place of await app.listen()',
    ...(run === 'managed'
      ? ['await runSidecarApp(app);']
      : [...HOOKS, 'await app.startAllMicroservices();', 'await app.init();']),
  ];
}

function microservice(run: Run): string[] {
  if (run === 'managed') return ['// in place of await app.listen()', 'await runSidecarApp(app);'];
  return ['// before await app.listen()', ...HOOKS];
}
