import type { AgentWatchChange } from '../../testing/agent-event-map.js';
import type { AgentInstance } from '../../testing/agent-instance.js';
import type { AgentRequest } from '../../testing/agent-request.js';
import { counted } from '../../support/text/counted.js';
import type { AgentMoment, MomentEvent, Refusal } from './agent-moment.js';
import { type CallSubject, subjectOf } from './call-subject.js';

const EVENT_OF = {
  Registered: 'registered',
  Serving: 'serving',
  Draining: 'draining',
  Deregistered: 'deregistered',
} as const satisfies Readonly<Record<AgentInstance['state'], MomentEvent>>;

/**
 * Tells what a change of an instance means. That it is new is a moment of its own.
 *
 * @param isLost whether the instance was lost, and not deregistered by a call
 */
export function momentsOfInstance(instance: AgentInstance, isLost = false): AgentMoment[] {
  const at = instance.history.at(-1)?.at ?? instance.updatedAt;
  const event = isLost ? 'lost' : EVENT_OF[instance.state];
  const moment = (is: MomentEvent, text: string) => ofInstance(instance, is, at, text);
  if (instance.history.length > 1) return [moment(event, nameOf(instance))];
  const { dialect, version, weight, methods, httpRoutes } = instance;
  const facts = [
    `dialect ${dialect}`,
    version,
    `weight ${weight}`,
    counted(methods.length, 'method'),
    ...(httpRoutes.length > 0 ? [counted(httpRoutes.length, 'route')] : []),
  ].join(', ');
  const registered = { ...moment('registered', nameOf(instance)), detail: facts };
  return event === 'registered' ? [registered] : [registered, moment(event, nameOf(instance))];
}

/** Tells that an instance was registered again; `undefined` if it is new. */
export function momentOfReplay(instance: AgentInstance): AgentMoment | undefined {
  if (instance.replays === 0 && instance.history.length === 1) return undefined;
  const moment = ofInstance(instance, 'again', instance.updatedAt, nameOf(instance));
  return { ...moment, detail: counted(instance.replays, 'replay') };
}

export function momentOfStream({ type, watchers }: AgentWatchChange, at: Date): AgentMoment {
  const text = `${counted(watchers, 'event stream is', 'event streams are')} open`;
  return { event: `stream-${type}`, at: at.toISOString(), text, streams: watchers };
}

export function momentOfRefusal(request: AgentRequest, refusal: Refusal, at: Date): AgentMoment {
  const subject = request.method === 'POST' ? subjectOf(request.body) : {};
  const { method, path, status, reason } = refusal;
  const text = `${subjectText(subject)}${method} ${path} answered ${status}: ${reason}`;
  const event = refusal.isProbe ? 'other-dialect' : 'refused';
  return { event, at: at.toISOString(), text, ...subject, refusal };
}

function ofInstance(instance: AgentInstance, event: MomentEvent, at: Date, text: string): AgentMoment {
  const { name, port, instanceId } = instance;
  return { event, at: at.toISOString(), text, service: name, port, instanceId };
}

function nameOf({ name, port }: AgentInstance): string {
  return `${name} on port ${port}`;
}

function subjectText({ service, port }: CallSubject): string {
  if (service === undefined) return '';
  return port === undefined ? `${service}, ` : `${service} on port ${port}, `;
}
