import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { Controller, type INestMicroservice, Logger, Module } from '@nestjs/common';
import { NestFactory } from '@nestjs/core';
import { GrpcMethod, type GrpcOptions, type MicroserviceOptions, Transport } from '@nestjs/microservices';
import { type Observable, of } from 'rxjs';
import { protoIncludeDir, SidecarAgentModule } from '../../lib/index.js';
import { freePort } from './free-port.js';
import { type GreeterOptions, LogBook } from './greeter-app.js';

const here = fileURLToPath(new URL('.', import.meta.url));
export const LIBRARY_PROTO = join(here, 'library.proto');

const method = (rpc: string) => `/acme.library.v1.Library/${rpc}`;

/** What the library of the tests serves: all but `BurnBook`. */
export const LIBRARY_METHODS = ['CountBooks', 'GetBook', 'LendBook', 'WatchBook'].map(method);

/** The routes of its annotations, as they go over the wire. */
export const LIBRARY_ROUTES = [
  { http_method: 'GET', path: '/v1/books/{isbn}', full_method: method('GetBook') },
  { http_method: 'GET', path: '/v1/books/{isbn}:watch', full_method: method('WatchBook') },
  { http_method: 'GET', path: '/v1/{isbn=shelves/*/books/*}', full_method: method('GetBook') },
  { http_method: 'HEAD', path: '/v1/books/{isbn}', full_method: method('GetBook') },
  { http_method: 'POST', path: '/v1/books/{isbn}:lend', full_method: method('LendBook') },
  { http_method: 'PUT', path: '/v1/loans/{isbn}', full_method: method('LendBook') },
];

interface Book {
  isbn: string;
}

@Controller()
class LibraryController {
  @GrpcMethod('Library')
  getBook(book: Book): Book {
    return book;
  }

  @GrpcMethod('Library')
  lendBook(book: Book): Book {
    return book;
  }

  @GrpcMethod('Library')
  watchBook(book: Book): Observable<Book> {
    return of(book);
  }

  @GrpcMethod('Library')
  countBooks(book: Book): Book {
    return book;
  }
}

export interface LibraryApp {
  readonly app: INestMicroservice;
  readonly logs: LogBook;
}

/** A microservice whose proto imports google/api/annotations.proto, not yet listening. */
export async function createLibraryApp(
  more: GreeterOptions,
  grpcMore: Partial<GrpcOptions['options']> = {},
): Promise<LibraryApp> {
  const grpc: GrpcOptions['options'] = {
    package: 'acme.library.v1',
    protoPath: LIBRARY_PROTO,
    loader: { includeDirs: [protoIncludeDir()] },
    url: `127.0.0.1:${await freePort()}`,
    ...grpcMore,
  };
  const logs = new LogBook();
  const sidecar = SidecarAgentModule.forRoot({
    app: { id: '10001', name: 'library-center', env: 'test', version: 'v1.3.4' },
    service: { name: 'library' },
    grpc,
    reconnectInterval: 20,
    maxReconnectInterval: 80,
    drainDelay: 0,
    ...more,
  });

  @Module({ imports: [sidecar], controllers: [LibraryController] })
  class AppModule {}

  Logger.overrideLogger(logs);
  const app = await NestFactory.createMicroservice<MicroserviceOptions>(AppModule, {
    transport: Transport.GRPC,
    options: grpc,
    logger: logs,
    abortOnError: false,
  });
  return { app, logs };
}
