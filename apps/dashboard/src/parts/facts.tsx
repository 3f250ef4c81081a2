import type { ComponentChildren } from 'preact';
import { LeadText } from './visible-text.tsx';

/** Labels with their values, side by side. A value that is text may be somebody else's. */
export const Facts = ({
  facts,
}: {
  readonly facts: readonly (readonly [label: string, value: ComponentChildren])[];
}) => (
  <dl class="facts">
    {facts.map(([label, value]) => (
      <div>
        <dt>{label}</dt>
        <dd>{typeof value === 'string' ? <LeadText text={value} /> : value}</dd>
      </div>
    ))}
  </dl>
);
