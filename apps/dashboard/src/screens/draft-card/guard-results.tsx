import type { GuardResult } from '@caio/contracts';
import { Icon } from '../../parts/icon.tsx';
import { LeadText } from '../../parts/visible-text.tsx';

const Results = ({ results }: { readonly results: readonly GuardResult[] }) => (
  <ul class="guards">
    {results.map(({ ruleId, passed, message }) => (
      <li class={passed ? 'guard guard-passed' : 'guard guard-failed'}>
        <Icon name={passed ? 'check' : 'warn'} />
        <span>
          <LeadText text={message} /> <code class="quiet">{ruleId}</code>
        </span>
      </li>
    ))}
  </ul>
);

/** What the automatic checks said about this text; those it failed first and in full. */
export const GuardResults = ({ guards }: { readonly guards: readonly GuardResult[] }) => {
  const failed = guards.filter(({ passed }) => !passed);
  const passed = guards.filter((guard) => guard.passed);
  return (
    <section class="panel">
      <h3>Checks of the text</h3>
      {guards.length === 0 ? <p class="note-line">No check has judged this text.</p> : null}
      {failed.length === 0 ? null : <Results results={failed} />}
      {passed.length === 0 ? null : (
        <details>
          <summary>
            {failed.length === 0 ? `All ${passed.length} passed` : `${passed.length} others passed`}
          </summary>
          <Results results={passed} />
        </details>
      )}
    </section>
  );
};
