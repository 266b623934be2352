import { useEffect, useState } from 'preact/hooks';
import type { RefusedView } from '../view/page-state.js';

/** The refusals that were dismissed, by the key of the service. */
type DismissedRefusals = Readonly<Record<string, Pick<RefusedView, 'count' | 'refusal'>>>;

/** Where a tab keeps them, so that they outlast a reload. */
const STORED_AS = 'dismissed';

/** Which refused services are hidden, and how to change that. */
export interface Dismissals {
  readonly isDismissed: (view: RefusedView) => boolean;
  readonly dismiss: (view: RefusedView) => void;
  readonly showAll: () => void;
}

/** Hides refused services until the reason changes, or an agent has accepted them. */
export function useDismissed(refused: readonly RefusedView[]): Dismissals {
  const [dismissed, setDismissed] = useState(readStored);
  const isDismissed = (view: RefusedView) => isSameRefusal(dismissed[view.key], view);
  const kept = new Set(refused.filter(isDismissed).map(({ key }) => key));
  const isOver = kept.size < Object.keys(dismissed).length;
  useEffect(() => {
    if (isOver) setDismissed(Object.fromEntries(Object.entries(dismissed).filter(([key]) => kept.has(key))));
  }, [isOver]);
  useEffect(() => store(dismissed), [dismissed]);
  return {
    isDismissed,
    dismiss: ({ key, count, refusal }) => setDismissed({ ...dismissed, [key]: { count, refusal } }),
    showAll: () => setDismissed({}),
  };
}

/** The service tries again and again: that alone does not bring back what was dismissed. */
function isSameRefusal(
  dismissed: DismissedRefusals[string] | undefined,
  { count, refusal }: RefusedView,
): boolean {
  if (dismissed === undefined || count < dismissed.count) return false;
  return JSON.stringify(dismissed.refusal) === JSON.stringify(refusal);
}

function readStored(): DismissedRefusals {
  try {
    return JSON.parse(sessionStorage.getItem(STORED_AS) ?? '{}') as DismissedRefusals;
  } catch {
    return {};
  }
}

function store(dismissed: DismissedRefusals): void {
  try {
    sessionStorage.setItem(STORED_AS, JSON.stringify(dismissed));
  } catch {
    // The browser keeps nothing for this page, or has no room.
  }
}
