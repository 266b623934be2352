import { shortText } from '../../support/text/short-text.js';
import type { AgentMoment } from './agent-moment.js';

/** The longest name, version or id of a moment, in characters. */
export const LONGEST_NAME = 200;
/** The longest text of a moment, in characters. */
const LONGEST_TEXT = 1_000;

/**
 * Returns a moment with short texts: names come from bodies of megabytes, and hundreds of moments
 * are kept and sent.
 */
export function shortMoment(moment: AgentMoment): AgentMoment {
  const { text, detail, service, instanceId } = moment;
  return {
    ...moment,
    text: shortText(text, LONGEST_TEXT),
    ...(detail !== undefined && { detail: shortText(detail, LONGEST_TEXT) }),
    ...(service !== undefined && { service: shortText(service, LONGEST_NAME) }),
    ...(instanceId !== undefined && { instanceId: shortText(instanceId, LONGEST_NAME) }),
  };
}
