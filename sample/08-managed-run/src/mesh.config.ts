import { sidecarAgentConfigWith } from 'nestjs-sidecar-agent/config';

/** What this service is; environment variables, and a bootstrap file where there is one, say the rest and may overrule it. */
export const meshConfig = sidecarAgentConfigWith({
  app: { id: '10008', name: 'warehouse', env: 'dev', version: 'v1.0.0' },
  service: { name: 'stock' },
  serverPort: 10580,
});
