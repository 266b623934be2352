import { boundedText } from '../protocol/bounded-text.js';
import type { Setting } from './setting.js';

/** A value as an error shows it, or an empty text where nobody may see it: a secret, or an address with what may be one. */
export function settingText({ form }: Setting, value: unknown): string {
  if (form === 'secret' || (form === 'url' && /[@?]/.test(String(value)))) return '';
  return boundedText(JSON.stringify(value) ?? typeof value, 80);
}
