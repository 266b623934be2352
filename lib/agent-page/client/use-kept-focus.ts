import type { RefObject } from 'preact';
import { useLayoutEffect, useRef } from 'preact/hooks';

/**
 * Moves the focus on if what had it is gone: to the first button that is left in a place, else to
 * another element. Otherwise the keyboard begins at the top of the page again.
 *
 * @param otherwise the id of the other element
 * @returns the ref of the place
 */
export function useKeptFocus<Place extends HTMLElement>(otherwise: string): RefObject<Place | null> {
  const place = useRef<Place>(null);
  // Read before the page is drawn anew.
  const hadFocus = place.current?.contains(document.activeElement) ?? false;
  useLayoutEffect(() => {
    if (!hadFocus || document.activeElement !== document.body) return;
    const button = place.current?.querySelector<HTMLElement>('button:not(:disabled)');
    (button ?? document.getElementById(otherwise))?.focus();
  });
  return place;
}
