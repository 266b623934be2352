import { beforeEach, describe, expect, it } from '@jest/globals';
import { InvalidOptionsError } from '../../../lib/errors/invalid-options.error.js';
import { type PortFacts, registeredPort, unixSocketOf } from '../../../lib/service/registered-port.js';
import { KeptLines } from '../fixtures/kept-lines.js';

const SOCKET = 'unix:/run/auth.sock';
const NAMES_OTHER =
  "warn: The option grpc.url names port 5, but the gRPC server listens on 7: registering port 7. Pass the server's own options as grpc";

const grpc = (...ports: number[]): PortFacts['listening'] => ({
  protocol: 'gRPC',
  servers: Math.max(ports.length, 1),
  ports,
});
const http = (...ports: number[]): PortFacts['listening'] => ({ protocol: 'HTTP', servers: 1, ports });

describe('registeredPort', () => {
  let logger: KeptLines;

  beforeEach(() => {
    logger = new KeptLines();
  });

  it.each<[string, Partial<PortFacts> & Pick<PortFacts, 'listening'>, number, string[]]>([
    ['the port that the server listens on', { listening: grpc(7) }, 7, []],
    ['the port that grpc.url names as well', { named: 7, listening: grpc(7) }, 7, []],
    ['not the port that only grpc.url names', { named: 5, listening: grpc(7) }, 7, [NAMES_OTHER]],
    ['serverPort', { given: 9, named: 7, listening: grpc() }, 9, []],
    ['serverPort that is the one listened on', { given: 7, named: 5, listening: grpc(7) }, 7, []],
    [
      'serverPort that differs',
      { given: 9, named: 7, listening: grpc(7) },
      9,
      ['warn: Registering port 9, but the gRPC server listens on 7: correct serverPort, or leave it out'],
    ],
    [
      'serverPort that differs, of an HTTP server',
      { given: 9, listening: http(7) },
      9,
      ['warn: Registering port 9, but the HTTP server listens on 7: correct serverPort, or leave it out'],
    ],
    [
      'serverPort of a Unix socket',
      { given: 9, listening: grpc(), socket: SOCKET },
      9,
      [
        `warn: Registering port 9, but the gRPC server listens on a Unix socket (${SOCKET}): calls arrive only if something forwards the port to it`,
      ],
    ],
    ['the port of grpc.url if that of the server is not known', { named: 5, listening: grpc() }, 5, []],
    ['the port of grpc.url that one of several servers has', { named: 5, listening: grpc(5, 7) }, 5, []],
    [
      'the port of grpc.url if several servers have others',
      { named: 5, listening: grpc(6, 7) },
      5,
      [
        "warn: Registering port 5, but the gRPC server listens on 6, 7: pass the server's own options as grpc, or set serverPort",
      ],
    ],
    [
      'the port of grpc.url if the server is one of other packages',
      { named: 5, listening: grpc(7), isOwn: false },
      5,
      [
        "warn: Registering port 5, but the gRPC server listens on 7: pass the server's own options as grpc, or set serverPort",
      ],
    ],
  ])('is %s', (_what, facts, port, lines) => {
    expect(registeredPort({ isOwn: true, ...facts }, logger)).toBe(port);
    expect(logger.lines).toEqual(lines);
  });

  it.each<[string, Pick<PortFacts, 'named' | 'listening' | 'socket'>]>([
    ['a Unix socket', { listening: grpc(), socket: SOCKET }],
    ['a Unix socket, whatever grpc.url names', { named: 5, listening: grpc(), socket: SOCKET }],
    ['a port that cannot be read', { listening: grpc() }],
    ['several ports', { listening: grpc(6, 7) }],
    ['a Unix socket of an HTTP server', { listening: http() }],
  ])('is asked for with %s', (_what, facts) => {
    expect(() => registeredPort({ isOwn: true, ...facts }, logger)).toThrow(InvalidOptionsError);
    expect(logger.lines).toEqual([]);
  });
});

describe('unixSocketOf', () => {
  it.each([
    [[{ url: SOCKET }], SOCKET],
    [[{ url: 'unix:///run/auth.sock' }], 'unix:///run/auth.sock'],
    [[{ url: '127.0.0.1:80' }], undefined],
    [[{ url: SOCKET }, { url: '127.0.0.1:80' }], undefined],
    [[{}], undefined],
    [[], undefined],
  ])('of %j is %j', (servers, socket) => {
    expect(unixSocketOf(servers)).toBe(socket);
  });
});
