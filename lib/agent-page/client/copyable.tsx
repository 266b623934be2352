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
    // Browsers have a clipboard for HTTPS and loopback alone.
    const clipboard = navigator.clipboard as Clipboard | undefined;
    if (!clipboard) return setOutcome('Select it');
    clipboard.writeText(text).then(
      () => setOutcome('Copied'),
      () => setOutcome('Select it'),
    );
  };
  return (
    <span class="copyable">
      <code>{text}</code>
      <button type="button" class="quiet" onClick={copy} aria-label={`Copy ${label}`}>
        {outcome ?? 'Copy'}
      </button>
      {/* Nobody is told what changes in a button that has a label of its own. */}
      <span class="unseen" aria-live="polite">
        {outcome && `${outcome}: ${label}`}
      </span>
    </span>
  );
}
