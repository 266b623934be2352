import { Body, Controller, Get, NotFoundException, Param, Post } from '@nestjs/common';

interface Book {
  readonly isbn: string;
  readonly title: string;
}

/** Keeps its books in memory, which is enough for a sample. */
@Controller({ path: 'books', version: '1' })
export class BooksController {
  readonly #books = new Map([['9780141439518', 'Pride and Prejudice']]);

  @Get()
  list(): Book[] {
    return [...this.#books].map(([isbn, title]) => ({ isbn, title }));
  }

  @Get(':isbn')
  find(@Param('isbn') isbn: string): Book {
    const title = this.#books.get(isbn);
    if (title === undefined) throw new NotFoundException('no such book');
    return { isbn, title };
  }

  @Post()
  add(@Body() { isbn, title }: Book): Book {
    this.#books.set(isbn, title);
    return { isbn, title };
  }
}
