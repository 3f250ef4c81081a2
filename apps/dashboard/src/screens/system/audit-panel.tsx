import type { AuditCheck, AuditVerdict } from '@caio/contracts';
import { useState } from 'preact/hooks';
import type { ApiFailure } from '../../api/api-failure.ts';
import { useDesk } from '../../desk/desk.ts';
import { Button } from '../../parts/button.tsx';
import { Digest } from '../../parts/digest.tsx';
import { FailureNote } from '../../parts/failure-note.tsx';

const Verdict = ({ verdict }: { readonly verdict: AuditVerdict }) => (
  <div role="status">
    <p class={verdict.ok ? 'lead' : 'note-line'}>
      {verdict.ok
        ? `All ${verdict.sealed} sealed rows hold; ${verdict.unsealed} newer ones are not sealed yet.`
        : `The audit does not hold${verdict.firstBroken === null ? '' : ` from row ${verdict.firstBroken.index} on (${verdict.firstBroken.why.replaceAll('_', ' ')})`}.`}
    </p>
    {verdict.problems.map(({ message }) => (
      <p class="note-line">{message}</p>
    ))}
    {verdict.head === '' ? null : (
      <p class="small">
        Head <Digest digest={verdict.head} what="head of the audit" />
      </p>
    )}
  </div>
);

/** Computes the chain over every recorded decision again. A long one takes several calls. */
export const AuditPanel = () => {
  const { api } = useDesk();
  const [check, setCheck] = useState<AuditCheck | null>(null);
  const [failure, setFailure] = useState<ApiFailure | null>(null);
  const [busy, setBusy] = useState(false);
  const verify = async (): Promise<void> => {
    setBusy(true);
    setFailure(null);
    let cursor: string | null = null;
    do {
      const outcome: Awaited<ReturnType<typeof api.verifyAudit>> = await api.verifyAudit(cursor);
      if (!outcome.ok) {
        setFailure(outcome.failure);
        break;
      }
      setCheck(outcome.value);
      cursor = outcome.value.state === 'checking' ? outcome.value.cursor : null;
    } while (cursor !== null);
    setBusy(false);
  };
  return (
    <section class="panel">
      <h2>Audit</h2>
      <p class="quiet">Every decision is a row in a chain that cannot be changed unnoticed.</p>
      {check?.state === 'checking' ? (
        <p>
          {check.sealed} of {check.rows} rows checked…
        </p>
      ) : null}
      {check?.state === 'checked' ? <Verdict verdict={check} /> : null}
      {failure === null ? null : <FailureNote failure={failure} />}
      <Button busy={busy} onClick={() => void verify()}>
        Check the whole audit
      </Button>
    </section>
  );
};
