import type { RouteDifference } from '../routes/route-difference.js';

/** A table of the fields in which a register differs from what is published. */
export function Differences({ differences }: { readonly differences: readonly RouteDifference[] }) {
  if (differences.length === 0) return null;
  return (
    <table class="differences">
      <thead>
        <tr>
          <th scope="col">Field</th>
          <th scope="col">Published</th>
          <th scope="col">This register</th>
        </tr>
      </thead>
      <tbody>
        {differences.map(({ field, published, given }) => (
          <tr key={field}>
            <th scope="row">{field === 'methods' ? 'methods that the other lacks' : field}</th>
            <td>
              <Values text={published} />
            </td>
            <td>
              <Values text={given} />
            </td>
          </tr>
        ))}
      </tbody>
    </table>
  );
}

function Values({ text }: { readonly text: string }) {
  if (text === '') return <span class="muted">none</span>;
  return (
    <>
      {text.split(', ').map((value) => (
        <code key={value} class="value">
          {value}
        </code>
      ))}
    </>
  );
}
