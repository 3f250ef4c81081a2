import type { Bar } from '@caio/contracts';
import { Link } from 'wouter-preact';
import type { ShownDraft } from '../../api/desk-api.ts';
import { useDesk } from '../../desk/desk.ts';
import { knownValue } from '../../desk/known-value.ts';
import { useLiveQuery } from '../../desk/use-live-query.ts';
import { Icon } from '../../parts/icon.tsx';
import { LeadText } from '../../parts/visible-text.tsx';
import { barredDraftWords, barTitle, exclusionSentence } from '../../words/bar-words.ts';

const Note = ({ draft, bar }: { readonly draft: ShownDraft; readonly bar: Bar }) => {
  const { api } = useDesk();
  const { email, linkedinUrl } = draft.lead;
  const person = email ?? linkedinUrl ?? draft.message.recipient.email;
  const record = knownValue(
    useLiveQuery(`bar-${person}-${bar}`, () => api.findPerson(person), null).state.value,
  );
  const words = barredDraftWords(draft.status);
  if (words === null) return null;
  return (
    <div class="note" role="status">
      <Icon name="stop" />
      <div>
        <p class="note-title">
          {barTitle(bar, record)}: {words.meaning}
        </p>
        {bar === 'suppressed' ? <p>That is for good and wins over every approval.</p> : null}
        {bar === 'excluded'
          ? record?.exclusions.map((exclusion) => (
              <p class="wrap">
                <LeadText text={exclusionSentence(exclusion)} />
              </p>
            ))
          : null}
        <p>{words.fix}</p>
        {bar === 'excluded' ? (
          <p>
            If the exclusion is wrong, take it away under <Link href="/people">People</Link> first.
          </p>
        ) : null}
      </div>
    </div>
  );
};

/** That nothing goes to the person of a draft, whatever is decided about it: since when, and what to do. */
export const BarredNote = ({ draft }: { readonly draft: ShownDraft }) => {
  const bar = draft.barred ?? null;
  return bar === null ? null : <Note key={bar} draft={draft} bar={bar} />;
};
