import { fileURLToPath } from 'node:url';
import type { GrpcOptions } from '@nestjs/microservices';

/** With port 0 the system chooses a free port, and the module registers that port. */
const url = '127.0.0.1:0';

function proto(name: string): string {
  return fileURLToPath(new URL(`../proto/${name}.proto`, import.meta.url));
}

/** A server and its module get the same object, by which the module recognizes its server. */
export const billingOptions: GrpcOptions['options'] = {
  package: 'acme.billing.v1',
  protoPath: proto('billing'),
  url,
};

export const searchOptions: GrpcOptions['options'] = {
  package: 'acme.search.v1',
  protoPath: proto('search'),
  url,
};
