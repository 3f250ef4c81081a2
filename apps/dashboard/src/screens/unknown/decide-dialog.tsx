import type { UnknownDecision, UnknownDetail } from '@caio/contracts';
import { useId, useState } from 'preact/hooks';
import type { ApiFailure } from '../../api/api-failure.ts';
import { useDesk } from '../../desk/desk.ts';
import { Dialog } from '../../parts/dialog.tsx';
import { ReasonForm } from '../../parts/reason-form.tsx';
import { LeadText } from '../../parts/visible-text.tsx';
import { decisionWords } from '../../words/unknown-words.ts';

const evidenceLengthMin = 10;
const nameLengthMin = 2;

/** Asks for what a decision is kept with: evidence, a reason and, where nothing is proven, who answers for it. */
export const DecideDialog = (props: {
  readonly detail: UnknownDetail;
  readonly as: UnknownDecision;
  readonly onDone: (text: string) => void;
  readonly onClose: () => void;
}) => {
  const { api } = useDesk();
  const id = useId();
  // What was shown when the dialog opened is what is decided about.
  const [{ receipt, attemptId, options }] = useState(props.detail);
  const [evidence, setEvidence] = useState('');
  const [despite, setDespite] = useState('');
  const [busy, setBusy] = useState(false);
  const [failure, setFailure] = useState<ApiFailure | null>(null);
  const option = options.find(({ as }) => as === props.as);
  const needsName = option?.allowed === 'despite';
  const words = decisionWords[props.as];
  const decide = async (reason: string): Promise<void> => {
    setBusy(true);
    const outcome = await api.decideUnknown(receipt.actionId, {
      ...{ attemptId, as: props.as, reason, evidence: evidence.trim() },
      ...(needsName ? { despite: despite.trim() } : {}),
    });
    setBusy(false);
    if (!outcome.ok) return setFailure(outcome.failure);
    props.onDone(`Recorded about the message to ${receipt.email}.`);
  };
  return (
    <Dialog title={`${words.confirm}?`} onClose={props.onClose}>
      <p>
        To <LeadText text={receipt.email} />. {words.follows}
      </p>
      <ReasonForm
        question="Why are you sure?"
        lengthMin={10}
        lengthMax={500}
        confirm={words.confirm}
        failure={failure}
        busy={busy}
        complete={
          evidence.trim().length >= evidenceLengthMin &&
          (!needsName || despite.trim().length >= nameLengthMin)
        }
        onConfirm={(reason) => void decide(reason)}
        onCancel={props.onClose}
      >
        <label for={`${id}-evidence`}>
          What did you see, and where? At least {evidenceLengthMin} characters: a page of the provider, a
          ticket.
        </label>
        <textarea
          id={`${id}-evidence`}
          rows={3}
          maxLength={2_000}
          value={evidence}
          onInput={(event) => setEvidence(event.currentTarget.value)}
        />
        {needsName ? (
          <>
            <p class="note-line">{option.why} Nothing proves that it was not sent.</p>
            <label for={`${id}-despite`}>Who answers for it if the person gets it twice?</label>
            <input
              id={`${id}-despite`}
              type="text"
              maxLength={120}
              autocomplete="off"
              value={despite}
              onInput={(event) => setDespite(event.currentTarget.value)}
            />
          </>
        ) : null}
      </ReasonForm>
    </Dialog>
  );
};
