/**
 * How the text of an environment variable is read. `word` is text without white space around it,
 * `list` are words with commas between them.
 */
export type SettingForm = 'text' | 'word' | 'number' | 'duration' | 'boolean' | 'booleanOrDuration' | 'list';

/** An option that a bootstrap file or the environment can set. */
export interface Setting {
  /** Its place in the bootstrap file: `app.id`. */
  readonly field: string;
  /** Its environment variable, which is the field in capitals: `APP_ID`. */
  readonly variable: string;
  /** Its path in the options: `app.id`. */
  readonly option: string;
  readonly form: SettingForm;
  /** Whether the options need it. */
  readonly isRequired: boolean;
}

const REQUIRED = new Set(['app.id', 'app.name', 'app.env', 'app.version', 'service.name']);

/**
 * All settings. Their names are those of the bootstrap file of Firefly's Go services; options that
 * Go does not have are named in the same way.
 */
export const SETTINGS: readonly Setting[] = [
  setting('app.id', 'text'),
  setting('app.name', 'text'),
  setting('app.env', 'text'),
  setting('app.version', 'text'),
  setting('app.instance_id', 'text'),
  setting('app.secret', 'text'),
  setting('service.name', 'text'),
  setting('service.namespace', 'text'),
  setting('service.type', 'text'),
  setting('service.cluster_domain', 'text'),
  setting('service.port', 'number'),
  setting('service.weight', 'number'),
  setting('server_port', 'number'),
  setting('managed_port', 'number'),
  setting('sidecar_agent.base_url', 'word'),
  setting('sidecar_agent.watch_url', 'word'),
  setting('sidecar_agent.socket_path', 'text'),
  setting('sidecar_agent.dialect', 'text'),
  setting('sidecar_agent.grace_period', 'duration'),
  setting('sidecar_agent.drain_delay', 'duration'),
  setting('sidecar_agent.probe_paths', 'list'),
  setting('sidecar_agent.shutdown_timeout', 'duration'),
  setting('sidecar_agent.hold_process_exit', 'boolean'),
  setting('sidecar_agent.request_timeout', 'duration'),
  setting('sidecar_agent.reconnect_interval', 'duration'),
  setting('sidecar_agent.max_reconnect_interval', 'duration'),
  setting('sidecar_agent.reassert_interval', 'duration'),
  setting('sidecar_agent.idle_timeout', 'duration'),
  setting('sidecar_agent.max_event_bytes', 'number'),
  setting('sidecar_agent.announce_infrastructure', 'boolean'),
  setting('sidecar_agent.gateway_manifest_path', 'text'),
  setting('sidecar_agent.registration_file', 'text'),
  setting('sidecar_agent.enabled', 'boolean'),
  setting('sidecar_agent.wait_for_registration', 'booleanOrDuration'),
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
