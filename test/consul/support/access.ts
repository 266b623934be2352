import { randomUUID } from 'node:crypto';
import { eventually } from '../../support/eventually.js';
import { ConsulApi } from './consul-api.js';
import { ConsulAgent } from './consul-agent.js';

/** The right that a service needs: to write itself, and nothing else. */
export function writes(service: string): string {
  return `service "${service}" { policy = "write" }`;
}

export interface Token {
  readonly AccessorID: string;
  readonly SecretID: string;
  readonly Policies: readonly { readonly ID: string; readonly Name: string }[];
}

/** Starts an agent that lets nobody do anything without a token. Its `api` may do all. */
export function startWithAcl(): Promise<ConsulAgent> {
  const all = randomUUID();
  const acl = {
    enabled: true,
    default_policy: 'deny',
    // How long it trusts a token without asking the servers again.
    token_ttl: '1s',
    policy_ttl: '1s',
    tokens: { master: all, agent: all },
  };
  return ConsulAgent.start({ config: { acl }, token: all });
}

/** Makes a token that may do what the rules say. */
export async function makeToken({ api }: ConsulAgent, rules: string): Promise<Token> {
  const name = `rules-${randomUUID()}`;
  await api.put('acl/policy', { Name: name, Rules: rules });
  return api.put<Token>('acl/token', { Policies: [{ Name: name }] });
}

/** Changes what a token may do. */
export async function changeRules({ api }: ConsulAgent, { Policies }: Token, rules: string): Promise<void> {
  for (const { ID, Name } of Policies) await api.put(`acl/policy/${ID}`, { Name, Rules: rules });
}

/** Deletes a token, and waits until the agent refuses it. */
export async function deleteToken({ api, url }: ConsulAgent, { AccessorID, SecretID }: Token): Promise<void> {
  await api.send('DELETE', `acl/token/${AccessorID}`);
  const own = new ConsulApi(url, SecretID);
  await eventually(() =>
    own.services().then(
      () => false,
      () => true,
    ),
  );
}
