import { useEffect, useState } from 'preact/hooks';
import { untilUnheard } from '../view/unheard.js';

/** Returns whether a service that may have no event stream was not heard of for long. */
export function useUnheard(heardAt: string, mayBeGone: boolean): boolean {
  const [silentSince, setSilentSince] = useState<string>();
  useEffect(() => {
    if (!mayBeGone) return undefined;
    const timer = setTimeout(() => setSilentSince(heardAt), untilUnheard(heardAt, Date.now()));
    return () => clearTimeout(timer);
  }, [heardAt, mayBeGone]);
  return mayBeGone && silentSince === heardAt;
}
