import type { Draft } from '@caio/contracts';
import { Facts } from '../../parts/facts.tsx';
import { leadFacts } from '../../words/lead-words.ts';
import { judgementSentence } from '../../words/reason-words.ts';
import { tierWords } from '../../words/state-words.ts';

/** Why this person is written to: the judgement's own reasons, and what is known about the person. */
export const WhyThisLead = ({ draft }: { readonly draft: Draft }) => {
  const { judgement, lead } = draft;
  return (
    <section class="panel">
      <h3>Why this lead</h3>
      <p class="score">
        <strong>{tierWords(judgement.tier)}</strong>
        <span>
          {judgement.score} of 100 points
          <meter min={0} max={100} value={judgement.score} aria-label="Score" />
        </span>
      </p>
      <Facts facts={leadFacts(lead)} />
      <details>
        <summary>How the points came about ({judgement.reasons.length})</summary>
        <ul class="sentences">
          {judgement.reasons.map((code) => (
            <li>{judgementSentence(code)}</li>
          ))}
        </ul>
      </details>
    </section>
  );
};
