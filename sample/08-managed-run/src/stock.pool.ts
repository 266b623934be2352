import { Injectable, Logger, type OnModuleDestroy, type OnModuleInit } from '@nestjs/common';

/** Stands for a database pool: opened at the start, closed in Nest's first shutdown hook. */
@Injectable()
export class StockPool implements OnModuleInit, OnModuleDestroy {
  readonly #logger = new Logger(StockPool.name);
  readonly #left = new Map([['book', 100]]);
  #isOpen = false;

  onModuleInit(): void {
    this.#isOpen = true;
    this.#logger.log('The pool is open');
  }

  onModuleDestroy(): void {
    this.#isOpen = false;
    this.#logger.log('The pool is closed');
  }

  take(item: string): number {
    if (!this.#isOpen) throw new Error('the pool is closed');
    const left = Math.max(0, (this.#left.get(item) ?? 0) - 1);
    this.#left.set(item, left);
    return left;
  }
}
