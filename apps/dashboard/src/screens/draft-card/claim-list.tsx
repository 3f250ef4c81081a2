import type { Claim } from '@caio/contracts';
import { LeadText } from '../../parts/visible-text.tsx';
import { leadFieldWords } from '../../words/lead-words.ts';

const Source = ({ source }: { readonly source: Claim['source'] }) => {
  switch (source.kind) {
    case 'lead_field':
      return (
        <>
          from the lead: <LeadText text={leadFieldWords(source.field)} />
        </>
      );
    case 'pack_claim':
      return (
        <>
          approved statement{' '}
          <code>
            <LeadText text={source.claimId} />
          </code>
        </>
      );
    case 'url':
      return (
        <a href={source.url} target="_blank" rel="noreferrer noopener">
          <LeadText text={source.url} />
        </a>
      );
  }
};

const Claims = ({ claims }: { readonly claims: readonly Claim[] }) => (
  <ul class="claims">
    {claims.map(({ text, source }) => (
      <li>
        <q>
          <LeadText text={text} />
        </q>
        <span class="quiet small">
          <Source source={source} />
        </span>
      </li>
    ))}
  </ul>
);

/** Every statement of the text that could be wrong, with what it rests on. What was only filled in comes last. */
export const ClaimList = ({ claims }: { readonly claims: readonly Claim[] }) => {
  const filledIn = claims.filter(({ source }) => source.kind === 'lead_field');
  const stated = claims.filter(({ source }) => source.kind !== 'lead_field');
  return (
    <section class="panel">
      <h3>Claims and their sources</h3>
      {stated.length === 0 ? <p class="quiet">Nothing is claimed beyond what the lead says.</p> : null}
      <Claims claims={stated} />
      {filledIn.length === 0 ? null : (
        <details>
          <summary>Filled in from the lead ({filledIn.length})</summary>
          <Claims claims={filledIn} />
        </details>
      )}
    </section>
  );
};
