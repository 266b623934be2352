import type { Advice } from '../routes/route-difference.js';

/** What something means, and what can be done about it. */
export function AdviceText({ advice: { meaning, remedies } }: { readonly advice: Advice }) {
  return (
    <div class="advice">
      <p>{meaning}</p>
      {remedies.length > 0 && (
        <ul>
          {remedies.map((remedy) => (
            <li key={remedy}>{remedy}</li>
          ))}
        </ul>
      )}
    </div>
  );
}
