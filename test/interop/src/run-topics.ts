import { NoAnswerError } from './agent.http.js';
import { type Check, type Finding, NothingToJudge, type Topic, broken } from './check.js';
import type { Outcome, Report } from './report.js';
import type { Dialect } from './wire-bodies.js';

/**
 * Runs the topics in order and reports every check.
 *
 * @param dialect the agent's dialect, `undefined` for checks that do not depend on it
 * @throws the reason of `stop`
 */
export async function runTopics<Session>(
  topics: readonly Topic<Session>[],
  session: Session,
  report: Report,
  stop: AbortSignal,
  dialect?: Dialect,
): Promise<void> {
  for (const { name, checks } of topics) {
    for (const check of checks) {
      if (check.only !== undefined && check.only !== dialect) continue;
      stop.throwIfAborted();
      const isPromised = check.promised === 'all' || check.promised === dialect;
      report.row({
        topic: name,
        title: check.title,
        isPromised,
        ...(await judge(check, session, isPromised)),
      });
    }
  }
}

async function judge<Session>(
  check: Check<Session>,
  session: Session,
  isPromised: boolean,
): Promise<{ outcome: Outcome; seen: string }> {
  try {
    const { kind, seen } = await findingOf(check, session);
    if (!isPromised || kind === 'remark') return { outcome: 'note', seen };
    return { outcome: kind === 'held' ? 'ok' : 'FAIL', seen };
  } catch (error) {
    if (error instanceof NothingToJudge) return { outcome: 'skip', seen: error.message };
    throw error;
  }
}

async function findingOf<Session>(check: Check<Session>, session: Session): Promise<Finding> {
  try {
    return await check.run(session);
  } catch (error) {
    if (error instanceof NoAnswerError) return broken(error.message);
    throw error;
  }
}
