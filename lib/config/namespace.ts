/** The namespace of `@nestjs/config` that holds the options. */
export const NAMESPACE = 'sidecarAgent';

/** The injection token of the namespace: `sidecarAgentConfig.KEY`. */
export const NAMESPACE_TOKEN = `CONFIGURATION(${NAMESPACE})`;
