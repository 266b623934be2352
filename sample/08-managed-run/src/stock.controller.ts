import { setTimeout as delay } from 'node:timers/promises';
import { Controller } from '@nestjs/common';
import { GrpcMethod } from '@nestjs/microservices';
import { StockPool } from './stock.pool.js';

@Controller()
export class StockController {
  constructor(private readonly pool: StockPool) {}

  @GrpcMethod('StockService', 'Reserve')
  async reserve({ item, seconds }: { item: string; seconds: number }) {
    await delay(seconds * 1_000);
    return { item, left: this.pool.take(item) };
  }
}
