import { useId, useState } from 'preact/hooks';
import type { ApiFailure } from '../../api/api-failure.ts';
import { useDesk } from '../../desk/desk.ts';
import { Dialog } from '../../parts/dialog.tsx';
import { ReasonForm } from '../../parts/reason-form.tsx';

/** Lets somebody be written to again, by a consent that is younger than their no. */
export const LiftDialog = (props: {
  readonly person: string;
  readonly onDone: () => void;
  readonly onClose: () => void;
}) => {
  const { api, toasts } = useDesk();
  const id = useId();
  const [evidence, setEvidence] = useState('');
  const [obtainedAt, setObtainedAt] = useState('');
  const [busy, setBusy] = useState(false);
  const [failure, setFailure] = useState<ApiFailure | null>(null);
  const moment = obtainedAt === '' ? Number.NaN : new Date(obtainedAt).getTime();
  const lift = async (reason: string): Promise<void> => {
    setBusy(true);
    const outcome = await api.liftSuppression({
      person: props.person,
      consentEvidence: evidence.trim(),
      obtainedAt: new Date(moment).toISOString(),
      reason,
    });
    setBusy(false);
    if (!outcome.ok) return setFailure(outcome.failure);
    toasts.show({ about: 'people', text: `${props.person} may be written to again.` });
    props.onDone();
  };
  return (
    <Dialog title={`May ${props.person} be written to again?`} onClose={props.onClose}>
      <p>
        Only with a consent that is younger than their no. Both stay on record, under your name. Nobody who
        complained or was erased is written to again.
      </p>
      <ReasonForm
        question="Why is it lifted?"
        lengthMin={3}
        lengthMax={500}
        confirm="Lift it"
        failure={failure}
        busy={busy}
        complete={evidence.trim().length >= 10 && !Number.isNaN(moment)}
        onConfirm={(reason) => void lift(reason)}
        onCancel={props.onClose}
      >
        <label for={`${id}-evidence`}>What shows the consent, and where it is kept</label>
        <textarea
          id={`${id}-evidence`}
          rows={2}
          maxLength={1_000}
          value={evidence}
          onInput={(event) => setEvidence(event.currentTarget.value)}
        />
        <label for={`${id}-when`}>When they agreed</label>
        <input
          id={`${id}-when`}
          type="datetime-local"
          value={obtainedAt}
          onInput={(event) => setObtainedAt(event.currentTarget.value)}
        />
      </ReasonForm>
    </Dialog>
  );
};
