import { setTimeout as delay } from 'node:timers/promises';
import { Controller } from '@nestjs/common';
import { GrpcMethod } from '@nestjs/microservices';

@Controller()
export class QuoteController {
  @GrpcMethod('QuoteService', 'Get')
  async get({ symbol, milliseconds }: { symbol: string; milliseconds: number }) {
    await delay(milliseconds);
    return { symbol, price: 42 };
  }
}
