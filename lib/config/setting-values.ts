import type { Setting } from './setting.js';

/** A value that was found for a setting. */
export interface FoundValue {
  /**
   * Where it was found, as an error names it: `SERVER_PORT`, or `conf/bootstrap.json: server_port`.
   */
  readonly place: string;
  readonly value: unknown;
}

/** The values that one source sets; a setting that it does not set is absent. */
export type SettingValues = ReadonlyMap<Setting, FoundValue>;

/** Merges the values of several sources, the weakest first. */
export function mergeValues(...sources: readonly SettingValues[]): SettingValues {
  return new Map(sources.flatMap((source) => [...source]));
}
