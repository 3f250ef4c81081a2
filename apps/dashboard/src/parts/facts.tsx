import type { ComponentChildren } from 'preact';

/** Labels with their values, side by side. */
export const Facts = ({
  facts,
}: {
  readonly facts: readonly (readonly [label: string, value: ComponentChildren])[];
}) => (
  <dl class="facts">
    {facts.map(([label, value]) => (
      <div>
        <dt>{label}</dt>
        <dd>{value}</dd>
      </div>
    ))}
  </dl>
);
