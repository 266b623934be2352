import { status } from '@grpc/grpc-js';
import { Controller } from '@nestjs/common';
import { GrpcMethod, RpcException } from '@nestjs/microservices';

const TITLES = new Map([['9780141439518', 'Pride and Prejudice']]);

@Controller()
export class LibraryController {
  @GrpcMethod('LibraryService')
  getBook({ isbn }: { isbn: string }) {
    const title = TITLES.get(isbn);
    if (title === undefined) throw new RpcException({ code: status.NOT_FOUND, message: 'no such book' });
    return { isbn, title };
  }

  @GrpcMethod('LibraryService')
  lendBook({ isbn, reader }: { isbn: string; reader: string }) {
    return { isbn, reader };
  }

  @GrpcMethod('LibraryService')
  countBooks() {
    return { count: TITLES.size };
  }
}
