export { consulProviders } from './consul.providers.js';
export type { ConsulOptions, ConsulService } from './consul-options.interface.js';
