import { sidecarAgentConfigWith } from 'nestjs-sidecar-agent/config';

/** The defaults of this service. A bootstrap file and environment variables override them. */
export const meshConfig = sidecarAgentConfigWith({
  app: { id: '10008', name: 'warehouse', env: 'dev', version: 'v1.0.0' },
  service: { name: 'stock' },
  serverPort: 10580,
});
