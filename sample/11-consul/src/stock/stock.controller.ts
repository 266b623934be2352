import { Body, Controller, Param, Post } from '@nestjs/common';

/** How many there are of each item at the start. */
const STOCK = 10;

@Controller('stock')
export class StockController {
  private readonly items = new Map<string, number>();

  /** Takes some of an item, and returns how many are left. */
  @Post(':item/take')
  take(@Param('item') item: string, @Body('count') count: number) {
    const left = (this.items.get(item) ?? STOCK) - count;
    this.items.set(item, left);
    return { left };
  }
}
