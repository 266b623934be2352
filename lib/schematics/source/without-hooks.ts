import { Source } from './source.js';
import { applyEdits, type TextEdit } from './text-edits.js';

/**
 * Removes the statements that enable Nest's shutdown hooks, since `runSidecarApp` listens to the
 * signals itself.
 *
 * @param app the variable of the app
 * @returns the same source if there are none
 */
export function withoutHooks(source: Source, app: string): Source {
  const { ts, text } = source;
  const calls = source.callsNamed('enableShutdownHooks');
  const edits = calls.flatMap(({ parent, expression }): TextEdit[] => {
    if (!ts.isExpressionStatement(parent) || !expression.getText().startsWith(`${app}.`)) return [];
    const before = /(?<=\n)[ \t]*$/.exec(text.slice(0, parent.getStart()))?.[0] ?? '';
    const after = before === '' ? '' : (/^[ \t]*\r?\n/.exec(text.slice(parent.end))?.[0] ?? '');
    return [{ start: parent.getStart() - before.length, end: parent.end + after.length, text: '' }];
  });
  return edits.length === 0 ? source : new Source(ts, applyEdits(text, edits));
}
