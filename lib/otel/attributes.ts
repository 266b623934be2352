/** The names of attributes: those of OpenTelemetry's conventions, and of this package. */
export const SERVICE_NAME = 'sidecar_agent.service.name';
export const DIALECT = 'sidecar_agent.dialect';
export const INSTANCE_ID = 'sidecar_agent.instance.id';
export const ERROR_TYPE = 'error.type';
export const SERVER_ADDRESS = 'server.address';
export const SERVER_PORT = 'server.port';
export const STATUS_CODE = 'http.response.status_code';

/** The name of the meter and of the tracer. */
export const SCOPE = 'nestjs-sidecar-agent';
