import type { ModulesContainer } from '@nestjs/core';
import { getSidecarAgentToken } from '../sidecar-agent.token.js';
import { didYouMean } from '../support/text/did-you-mean.js';
import type { EventHandler } from './event-handler.js';

const UNNAMED = getSidecarAgentToken();
const PREFIX = String(getSidecarAgentToken(''));

/** Returns the names of an application's modules; `undefined` for one without a name. */
export function moduleNames(modules: ModulesContainer): readonly (string | undefined)[] {
  const tokens = [...modules.values()].flatMap(({ providers }) => [...providers.keys()]);
  return tokens.flatMap((token) => {
    if (token === UNNAMED) return [undefined];
    return typeof token === 'string' && token.startsWith(PREFIX) ? [token.slice(PREFIX.length)] : [];
  });
}

/** Returns the warning of a handler that no module calls; `undefined` if there is one. */
export function warningOf(
  { handled: { type, name }, label }: Pick<EventHandler, 'handled' | 'label'>,
  names: readonly (string | undefined)[],
): string | undefined {
  if (names.includes(name)) return undefined;
  const others = names.filter((one) => one !== undefined);
  if (name === undefined) {
    const choice = others.map((one) => `{ name: '${one}' }`).join(' or ');
    return `${label} is never called: every SidecarAgentModule has a name, so @OnSidecar('${type}') needs ${choice}`;
  }
  const which = `@OnSidecar('${type}', { name: '${name}' })`;
  return `${label} is never called: no SidecarAgentModule has the name of ${which}${didYouMean(name, others)}`;
}
