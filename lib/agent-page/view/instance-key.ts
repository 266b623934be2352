/** What an agent knows an instance by. */
export interface InstanceIdentity {
  readonly dialect: string;
  readonly appId: string;
  readonly instanceId: string;
  readonly name: string;
  readonly port: number | string;
}

/**
 * Returns a text that is the same for all records of an instance. Agents of the dialect flat know
 * an instance by its name and port, and give it a new id at each register that is not a replay.
 */
export function instanceKey({ dialect, appId, instanceId, name, port }: InstanceIdentity): string {
  return dialect === 'flat' ? `flat ${name} ${port}` : `${dialect} ${appId} ${instanceId}`;
}
