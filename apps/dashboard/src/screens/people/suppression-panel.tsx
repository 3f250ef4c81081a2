import { useDesk } from '../../desk/desk.ts';
import { useLiveQuery } from '../../desk/use-live-query.ts';
import { Live } from '../../parts/live.tsx';
import { LeadText } from '../../parts/visible-text.tsx';
import { instantWords } from '../../words/instant-words.ts';
import { personWords } from '../../words/lead-words.ts';
import { originWords, suppressionWords } from './suppression-words.ts';

/** Who must never be written to again. There is no way off this list here. */
export const SuppressionPanel = () => {
  const { api } = useDesk();
  const query = useLiveQuery('suppressions', (signal) => api.suppressions(null, signal), null);
  return (
    <section class="panel">
      <h2>Never written to again</h2>
      <p class="quiet">
        Opt-outs, complaints and dead addresses. They win over every approval, and stay unless the person
        agrees again.
      </p>
      <Live query={query} what="the suppressions" within="panel">
        {({ suppressions, total, nextCursor }) => (
          <>
            {total === 0 ? <p>Nobody so far.</p> : null}
            <ul class="exclusions">
              {suppressions.map(({ personKey, reason, source, by, at, provenance }) => (
                <li>
                  <span>
                    <strong class="wrap">
                      {personKey === null ? (
                        'erased: only a fingerprint is kept'
                      ) : (
                        <LeadText text={personWords(personKey)} />
                      )}
                    </strong>
                    <span class="small quiet">
                      {suppressionWords[reason]} · <LeadText text={source} /> · {by}, {instantWords(at)}
                      <LeadText text={originWords(provenance)} />
                    </span>
                  </span>
                </li>
              ))}
            </ul>
            {nextCursor === null ? null : (
              <p class="small quiet">
                {suppressions.length} of {total} are shown; look for one person above.
              </p>
            )}
          </>
        )}
      </Live>
    </section>
  );
};
