import { suppressionReasonSchema } from '@caio/contracts';
import type { WhatIf } from '@caio/contracts';
import { useEffect, useId, useState } from 'preact/hooks';
import type { ApiFailure } from '../../api/api-failure.ts';
import { useDesk } from '../../desk/desk.ts';
import { Button } from '../../parts/button.tsx';
import { DecidingButton } from '../../parts/deciding-button.tsx';
import { Dialog } from '../../parts/dialog.tsx';
import { FailureNote } from '../../parts/failure-note.tsx';
import { WhatIfView } from './what-if-view.tsx';
import { type SuppressionReason, suppressionWords } from './suppression-words.ts';

/** Suppressing is for good and wins over every approval, so it is asked once more. */
export const SuppressDialog = (props: {
  readonly person: string;
  readonly onDone: () => void;
  readonly onClose: () => void;
}) => {
  const { api, toasts } = useDesk();
  const id = useId();
  const [reason, setReason] = useState<SuppressionReason>('manual');
  const [busy, setBusy] = useState(false);
  const [failure, setFailure] = useState<ApiFailure | null>(null);
  const [whatIf, setWhatIf] = useState<WhatIf | null>(null);
  useEffect(() => {
    // A help to decide: whoever cannot be recognised is refused by the button, in words.
    void api
      .whatIf({ suppress: [props.person] })
      .then((outcome) => (outcome.ok ? setWhatIf(outcome.value) : undefined));
  }, [api, props.person]);
  const suppress = async (): Promise<void> => {
    setBusy(true);
    const outcome = await api.suppress(props.person, reason);
    setBusy(false);
    if (!outcome.ok) return setFailure(outcome.failure);
    toasts.show({
      about: 'people',
      text:
        outcome.value.added === 0
          ? `${props.person} was suppressed already.`
          : `${props.person} is not written to any more.`,
    });
    props.onDone();
  };
  return (
    <Dialog title={`Never write to ${props.person} again?`} onClose={props.onClose}>
      <p>
        Every channel, for good, and from the next check on, also in batches that are approved. There is no
        way back here.
      </p>
      <label for={id}>Because</label>
      <select
        id={id}
        value={reason}
        onChange={(event) => {
          const chosen = suppressionReasonSchema.safeParse(event.currentTarget.value);
          if (chosen.success) setReason(chosen.data);
        }}
      >
        {suppressionReasonSchema.options.map((option) => (
          <option value={option}>{suppressionWords[option]}</option>
        ))}
      </select>
      {whatIf === null ? null : <WhatIfView whatIf={whatIf} />}
      {failure === null ? null : <FailureNote failure={failure} />}
      <div class="dialog-actions">
        <Button onClick={props.onClose}>Cancel</Button>
        <DecidingButton about={props.person} kind="primary" busy={busy} onClick={() => void suppress()}>
          Suppress
        </DecidingButton>
      </div>
    </Dialog>
  );
};
