import { Injectable, Logger, type OnModuleDestroy, type OnModuleInit } from '@nestjs/common';

/** Stands for a pool of database connections: opened at the start, closed in the first of Nest's shutdown hooks. */
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
