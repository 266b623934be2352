import { describe, expect, it } from '@jest/globals';
import ts from 'typescript';
import { grpcOptionsIn } from '../../../lib/schematics/source/grpc-options-in.js';
import { Source } from '../../../lib/schematics/source/source.js';

const IMPORT = "import { server as own } from './server';\n";

/** Returns what is found in a main file that gives this to its microservice. */
function given(text: string, server?: string) {
  const main = new Source(ts, `${IMPORT}app.connectMicroservice<MicroserviceOptions>(${text});`);
  return grpcOptionsIn(main, () => (server === undefined ? undefined : new Source(ts, server)));
}

const OBJECT = "{ transport: Transport.GRPC, options: { package: 'a' } }";
const FOUND = { exported: 'server', path: './server', property: '.options' };

describe('grpcOptionsIn, for a server that is imported as a whole', () => {
  it.each([
    `export const server: GrpcOptions = ${OBJECT};`,
    `export const server = ${OBJECT};`,
    `const server = ${OBJECT} as const; export { server };`,
    `export const server = (${OBJECT}) satisfies MicroserviceOptions;`,
    'export const server: GrpcOptions = { ...base, transport: Transport.GRPC };',
  ])('finds its options: %s', (server) => {
    expect(given('own', server)).toEqual(FOUND);
    expect(given('own as MicroserviceOptions', server)).toEqual(FOUND);
  });

  it.each([
    `export const server: ClientOptions = ${OBJECT};`,
    `export const server = ${OBJECT} as ClientOptions;`,
  ])('tells of a type without these options: %s', (server) => {
    expect(given('own', server)).toEqual({
      exported: 'server',
      path: './server',
      otherType: 'ClientOptions',
    });
  });

  it('finds that of createMicroservice', () => {
    const main = new Source(ts, `${IMPORT}NestFactory.createMicroservice(AppModule, own);`);
    expect(grpcOptionsIn(main, () => new Source(ts, `export const server = ${OBJECT};`))).toEqual(FOUND);
  });

  it.each([
    ['own', 'export const server = { transport: Transport.TCP };'],
    ['own', 'export const server = { ...base, strategy: new Strategy() };'],
    ['{ transport: Transport.TCP }', ''],
  ])('finds no gRPC server in %s', (text, server) => {
    expect(given(text, server)).toBeUndefined();
  });

  it.each([
    ['own', undefined],
    ['own', 'export const server = serverOf(process.env);'],
    ['own', 'export const server = { transport: Transport.TCP, ...rest };'],
    ['own', "export * from './elsewhere';"],
    ['{ ...own }', `export const server = ${OBJECT};`],
    ['local', undefined],
    ['config.server', undefined],
  ])('does not guess what %s is, of %s', (text, server) => {
    expect(given(text, server)).toEqual({
      problem: `It is not clear whether ${text}, which it gives to a microservice, is gRPC`,
    });
  });

  it('takes the one that is clear', () => {
    const text = `${IMPORT}app.connectMicroservice(other());\napp.connectMicroservice(own);`;
    const found = grpcOptionsIn(
      new Source(ts, text),
      () => new Source(ts, `export const server = ${OBJECT};`),
    );
    expect(found).toEqual(FOUND);
  });
});

describe('grpcOptionsIn, for a server in place', () => {
  it.each([
    ['own', ''],
    ['own.options', '.options'],
  ])('finds options that are %s of an import', (text, property) => {
    const server = given(`{ transport: Transport.GRPC, options: ${text} }`);
    expect(server).toEqual({ exported: 'server', path: './server', property });
  });
});
