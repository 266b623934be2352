import type { SidecarAgentError } from '../../errors/sidecar-agent.error.js';
import type { TimelineMoment } from '../../status/timeline.js';
import { boundedText } from '../../support/text/bounded-text.js';
import { counted } from '../../support/text/counted.js';
import type { RegistrationState } from '../machine/registration-state.js';
import {
  type DeregisterReason,
  type DrainReason,
  type Gap,
  RECALLED,
  type RegistrationNews,
  RESUMED,
} from './registration-news.js';

/** What an entry of the timeline says. */
interface Words {
  readonly what: string;
  readonly cause?: string;
  readonly error?: SidecarAgentError;
}

const DRAIN_REASONS: Record<DrainReason, string> = {
  shutdown: 'the shutdown has begun',
  manual: 'drain() was called',
  elsewhere: 'another client of the agent drained the instance',
};
const DEREGISTER_REASONS: Record<DeregisterReason, string> = {
  shutdown: 'the service shuts down',
  manual: 'deregister() was called',
};

/**
 * Returns the entry of the timeline for what happened.
 *
 * @param at milliseconds since 1970
 * @param state the state from then on
 */
export function timelineMoment(news: RegistrationNews, at: number, state: RegistrationState): TimelineMoment {
  const { what, cause, error } = wordsOf(news, state);
  const why = cause ?? error?.message;
  const bounded = why === undefined ? null : boundedText(why);
  return {
    at: new Date(at).toISOString(),
    type: news.type,
    phase: state.phase,
    cause: bounded,
    errorKind: error?.kind ?? null,
    text: bounded === null ? what : what ? `${what}: ${bounded}` : bounded,
  };
}

function wordsOf(news: RegistrationNews, state: RegistrationState): Words {
  const service = `${state.node?.service.name ?? 'the service'} on port ${state.node?.serverPort ?? ''}`;
  switch (news.type) {
    case 'started':
      return { what: `started ${service}` };
    case 'connected':
      return news.gap ? again('connected', news.gap) : { what: 'connected to the agent' };
    case 'disconnected':
      return { what: 'lost the event stream', error: news.error };
    case 'registered':
      return news.gap ? again('registered', news.gap) : { what: `registered ${service}` };
    case 'updated':
      return { what: describeUpdate(state) };
    case 'draining':
      return { what: 'draining', cause: DRAIN_REASONS[news.reason] };
    case 'drained':
      return { what: 'drained, so that routers stop sending new calls' };
    case 'resumed':
      return { what: 'resumed', cause: news.isManual ? RESUMED : RECALLED };
    case 'deregistered':
      return { what: 'deregistered', cause: DEREGISTER_REASONS[news.reason] };
    case 'error':
      return { what: describeFailure(news.failed), error: news.error };
    case 'stopped':
      return { what: 'left the mesh', cause: causeOfStop(news) };
  }
}

function again(what: string, { lasted, cause }: Gap): Words {
  return { what: `${what} again after ${(lasted / 1_000).toFixed(1)} s`, cause };
}

function describeUpdate({ weight, methodCount, httpRouteCount }: RegistrationState): string {
  const routes = httpRouteCount ? `, ${counted(httpRouteCount, 'route')}` : '';
  return `updated to weight ${weight ?? ''}, ${counted(methodCount ?? 0, 'method')}${routes}`;
}

/** The message of a failed register says so itself, and so does that of a failed connection. */
function describeFailure(failed: Extract<RegistrationNews, { type: 'error' }>['failed']): string {
  return failed === 'drain' || failed === 'deregister' ? `${failed} failed` : '';
}

function causeOfStop({ isCut, othersOnPort }: Extract<RegistrationNews, { type: 'stopped' }>) {
  if (isCut) return 'the time limit of the shutdown was reached';
  if (othersOnPort === 0) return undefined;
  return `${counted(othersOnPort, 'other process serves', 'other processes serve')} the port`;
}
