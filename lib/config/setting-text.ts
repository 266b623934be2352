import { textOf } from '../support/text/describe-value.js';
import { boundedText } from '../support/text/bounded-text.js';
import type { Setting } from './setting.js';

/** A value as an error shows it, or an empty text where nobody may see it: a secret, or an address with what may be one. */
export function settingText({ form }: Setting, value: unknown): string {
  const text = textOf(value);
  const isHidden = form === 'secret' || (form === 'url' && /[@?]/.test(text));
  return isHidden ? '' : boundedText(text, 80);
}
