import { describe, expect, it } from '@jest/globals';
import {
  formatGrpcHandlerPattern,
  type GrpcHandlerPattern,
  parseGrpcHandlerPattern,
} from '../../lib/service/grpc/grpc-handler-pattern.js';
import {
  type DeclaredRpc,
  findUnmatchedGrpcHandlers,
} from '../../lib/service/grpc/unmatched-grpc-handlers.js';

const unary = (name: string, originalName?: string): DeclaredRpc => ({
  name,
  originalName,
  requestStream: false,
});
const streamed = (name: string): DeclaredRpc => ({ name, requestStream: true });

const handler = (service: string, rpc: string, streaming = 'no_stream'): GrpcHandlerPattern => ({
  service,
  rpc,
  streaming,
});

function unmatched(
  handlers: readonly GrpcHandlerPattern[],
  rpcs: readonly DeclaredRpc[],
): GrpcHandlerPattern[] {
  const service = { name: 'HeroService', fullName: 'hero.v1.HeroService', rpcs };
  return findUnmatchedGrpcHandlers(handlers.map(formatGrpcHandlerPattern), [service]);
}

describe('findUnmatchedGrpcHandlers', () => {
  it.each([
    ['the relative name', handler('HeroService', 'FindOne')],
    ['the full name', handler('hero.v1.HeroService', 'FindOne')],
    ['the camel case name of the rpc', handler('HeroService', 'findOne')],
  ])('matches by %s', (_, pattern) => {
    expect(unmatched([pattern], [unary('FindOne', 'findOne')])).toEqual([]);
  });

  it.each([
    ['a mistyped rpc', handler('HeroService', 'FindOnee')],
    ['a mistyped service', handler('HeroServise', 'FindOne')],
    ['a partly qualified service', handler('v1.HeroService', 'FindOne')],
    ['another case', handler('heroService', 'FindOne')],
    ['the decorator of a client stream', handler('HeroService', 'FindOne', 'rx_stream')],
    ['the decorator of a call', handler('HeroService', 'FindOne', 'pt_stream')],
    ['an unknown kind', handler('HeroService', 'FindOne', 'some_stream')],
  ])('does not match %s', (_, pattern) => {
    expect(unmatched([pattern], [unary('FindOne', 'findOne')])).toEqual([pattern]);
  });

  it('does not derive the camel case name of an rpc', () => {
    const pattern = handler('HeroService', 'findOne');
    expect(unmatched([pattern], [unary('FindOne')])).toEqual([pattern]);
  });

  describe('when the client sends a stream', () => {
    it.each(['rx_stream', 'pt_stream'])('matches %s', (streaming) => {
      expect(unmatched([handler('HeroService', 'Collect', streaming)], [streamed('Collect')])).toEqual([]);
    });

    it('does not match the decorator of a unary rpc', () => {
      const pattern = handler('HeroService', 'Collect');
      expect(unmatched([pattern], [streamed('Collect')])).toEqual([pattern]);
    });
  });

  describe('when several handlers match one rpc', () => {
    const rx = handler('hero.v1.HeroService', 'Collect', 'rx_stream');
    const pt = handler('HeroService', 'Collect', 'pt_stream');
    const relative = handler('HeroService', 'FindOne');
    const full = handler('hero.v1.HeroService', 'FindOne');
    const camel = handler('HeroService', 'findOne');

    it.each([
      ['@GrpcStreamCall under @GrpcStreamMethod, whatever their names', [pt, rx], pt],
      ['the full name under the relative one', [full, relative], full],
      ['the camel case under the spelling of the proto', [camel, full], camel],
    ])('returns %s', (_, patterns, expected) => {
      expect(unmatched(patterns, [unary('FindOne', 'findOne'), streamed('Collect')])).toEqual([expected]);
    });

    it('does not return a handler that serves another rpc', () => {
      const rpcs = [unary('FindOne', 'findOne'), unary('findOne', 'findOne')];
      expect(unmatched([relative, camel], rpcs)).toEqual([]);
    });
  });

  it('lets one handler serve the services of two packages', () => {
    const services = ['hero.v1', 'hero.v2'].map((packageName) => ({
      name: 'HeroService',
      fullName: `${packageName}.HeroService`,
      rpcs: [unary('FindOne')],
    }));
    const handlers = [handler('HeroService', 'FindOne'), handler('hero.v2.HeroService', 'FindOne')];
    expect(findUnmatchedGrpcHandlers(handlers.map(formatGrpcHandlerPattern), services)).toEqual([
      handlers[1],
    ]);
  });

  it('keeps the order of the handlers and ignores keys that are not gRPC patterns', () => {
    const keys = [
      'sum',
      '{"cmd":"sum"}',
      '"text"',
      'null',
      '[1]',
      '{"service":"A","rpc":1,"streaming":"no_stream"}',
    ];
    const patterns = [handler('B', 'Two'), handler('A', 'One')];
    const mixed = [...keys, ...patterns.map(formatGrpcHandlerPattern)];
    expect(findUnmatchedGrpcHandlers(mixed, [])).toEqual(patterns);
  });

  it('does not match a pattern whose properties are in another order, as Nest compares strings', () => {
    const key = '{"rpc":"FindOne","service":"HeroService","streaming":"no_stream"}';
    const service = { name: 'HeroService', fullName: 'hero.v1.HeroService', rpcs: [unary('FindOne')] };
    expect(findUnmatchedGrpcHandlers([key], [service])).toEqual([handler('HeroService', 'FindOne')]);
  });
});

describe('parseGrpcHandlerPattern', () => {
  it('reads what formatGrpcHandlerPattern writes', () => {
    const pattern = handler('hero.v1.HeroService', 'FindOne', 'rx_stream');
    expect(formatGrpcHandlerPattern(pattern)).toBe(
      '{"service":"hero.v1.HeroService","rpc":"FindOne","streaming":"rx_stream"}',
    );
    expect(parseGrpcHandlerPattern(formatGrpcHandlerPattern(pattern))).toEqual(pattern);
  });
});
