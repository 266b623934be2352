import { ageText } from '../view/format.js';
import { useNow } from './use-now.js';

/** How long ago something was. It has a clock of its own, so that nothing else is drawn anew. */
export function Age({ at }: { readonly at: string }) {
  return <>{ageText(at, useNow())}</>;
}
