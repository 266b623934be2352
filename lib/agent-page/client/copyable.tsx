import { useEffect, useState } from 'preact/hooks';

/** How long a button says that it has copied, in milliseconds. */
const SAID_FOR = 1_500;

/** A line of code with a button that copies it. */
export function Copyable({ text, label }: { readonly text: string; readonly label: string }) {
  const [outcome, setOutcome] = useState<'Copied' | 'Select it'>();
  useEffect(() => {
    if (outcome === undefined) return undefined;
    const timer = setTimeout(() => setOutcome(undefined), SAID_FOR);
    return () => clearTimeout(timer);
  }, [outcome]);
  const copy = () => {
    navigator.clipboard.writeText(text).then(
      () => setOutcome('Copied'),
      () => setOutcome('Select it'),
    );
  };
  return (
    <span class="copyable">
      <code>{text}</code>
      <button type="button" class="quiet" onClick={copy} aria-label={`Copy ${label}`}>
        <span aria-live="polite">{outcome ?? 'Copy'}</span>
      </button>
    </span>
  );
}
