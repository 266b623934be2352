/** How the text of an environment variable is read, and what it may show of itself in an error. */
export type SettingForm = 'text' | 'secret' | 'url' | 'number' | 'duration' | 'flag' | 'wait';

/** One option that can come from outside of the code. */
export interface Setting {
  /** Its place in the bootstrap file, `app.id`. */
  readonly field: string;
  /** The environment variable: the field in capitals, `APP_ID`. */
  readonly variable: string;
  /** Its path in the options, `app.id`. */
  readonly option: string;
  readonly form: SettingForm;
  /** Whether there is no service without it. */
  readonly isRequired: boolean;
}

const REQUIRED = new Set(['app.id', 'app.name', 'app.env', 'app.version', 'service.name']);

/** Every one of them. The names are those of the Go services' bootstrap file; those of options that Go does not have go on from there. */
export const SETTINGS: readonly Setting[] = [
  setting('app.id', 'text'),
  setting('app.name', 'text'),
  setting('app.env', 'text'),
  setting('app.version', 'text'),
  setting('app.instance_id', 'text'),
  setting('app.secret', 'secret'),
  setting('service.name', 'text'),
  setting('service.namespace', 'text'),
  setting('service.type', 'text'),
  setting('service.cluster_domain', 'text'),
  setting('service.port', 'number'),
  setting('service.weight', 'number'),
  setting('server_port', 'number'),
  setting('managed_port', 'number'),
  setting('sidecar_agent.base_url', 'url'),
  setting('sidecar_agent.watch_url', 'url'),
  setting('sidecar_agent.socket_path', 'text'),
  setting('sidecar_agent.dialect', 'text'),
  setting('sidecar_agent.grace_period', 'duration'),
  setting('sidecar_agent.drain_delay', 'duration'),
  setting('sidecar_agent.shutdown_timeout', 'duration'),
  setting('sidecar_agent.request_timeout', 'duration'),
  setting('sidecar_agent.reconnect_interval', 'duration'),
  setting('sidecar_agent.max_reconnect_interval', 'duration'),
  setting('sidecar_agent.idle_timeout', 'duration'),
  setting('sidecar_agent.max_event_bytes', 'number'),
  setting('sidecar_agent.gateway_manifest_path', 'text'),
  setting('sidecar_agent.enabled', 'flag'),
  setting('sidecar_agent.wait_for_registration', 'wait'),
];

function setting(field: string, form: SettingForm): Setting {
  return {
    field,
    variable: field.replaceAll('.', '_').toUpperCase(),
    option: camelCase(field.replace('sidecar_agent.', '')),
    form,
    isRequired: REQUIRED.has(field),
  };
}

function camelCase(text: string): string {
  return text.replace(/_(\w)/g, (_, letter: string) => letter.toUpperCase());
}
