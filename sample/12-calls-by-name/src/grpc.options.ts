import { fileURLToPath } from 'node:url';

const proto = (name: string) => fileURLToPath(new URL(`../proto/${name}.proto`, import.meta.url));

/** Each of the two is a server in one process, and a client in the other. */
export const orders = { package: 'acme.orders.v1', protoPath: proto('orders') };
export const shipping = { package: 'acme.shipping.v1', protoPath: proto('shipping') };

/** Adds the address of the server: the system chooses a free port, which the module registers. */
export const served = (options: typeof orders) => ({ ...options, url: '127.0.0.1:0' });
