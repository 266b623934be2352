import { fileURLToPath } from 'node:url';
import type { GrpcOptions } from '@nestjs/microservices';

/** Port 0: the system finds one, and the one it found is announced. */
const url = '127.0.0.1:0';

function proto(name: string): string {
  return fileURLToPath(new URL(`../proto/${name}.proto`, import.meta.url));
}

/** Each server and the module that announces it get the same object: by that a module knows which server is its own. */
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
