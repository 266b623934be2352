import type { Setting } from './setting.js';

/** What was found for a setting, and where. */
export interface FoundValue {
  /** How the place is called in an error: `SERVER_PORT`, or `conf/bootstrap.json: server_port`. */
  readonly place: string;
  readonly value: unknown;
}

/** What was found, setting by setting. */
export type SettingValues = ReadonlyMap<Setting, FoundValue>;
