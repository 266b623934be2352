/** The folder of the documentation, from that of package.json. */
export const DOCS = 'node_modules/nestjs-sidecar-agent/docs';
