import { Controller } from '@nestjs/common';
import { GrpcMethod } from '@nestjs/microservices';

@Controller()
export class BillingController {
  readonly #balances = new Map<string, number>();

  @GrpcMethod('BillingService', 'Charge')
  charge({ account, cents }: { account: string; cents: number }) {
    const balance = (this.#balances.get(account) ?? 0) - cents;
    this.#balances.set(account, balance);
    return { account, balance };
  }
}
