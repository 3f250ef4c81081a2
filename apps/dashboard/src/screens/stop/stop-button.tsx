import type { HaltState } from '@caio/contracts';
import { useState } from 'preact/hooks';
import type { ApiFailure } from '../../api/api-failure.ts';
import { useDesk } from '../../desk/desk.ts';
import { may } from '../../desk/session.ts';
import { Button } from '../../parts/button.tsx';
import { Dialog } from '../../parts/dialog.tsx';
import { ReasonForm } from '../../parts/reason-form.tsx';

const suggestions = ['Wrong text in a message', 'A complaint came in', 'I want to look first'];

/** The stop of everything. It works whatever else is on the screen, also while nothing is known of the system. */
export const StopButton = ({ halt }: { readonly halt: HaltState | null }) => {
  const desk = useDesk();
  const [failure, setFailure] = useState<ApiFailure | null>(null);
  const [busy, setBusy] = useState(false);
  const close = (): void => {
    desk.stopAsked.value = false;
    setFailure(null);
  };
  const stop = async (reason: string): Promise<void> => {
    setBusy(true);
    const outcome = await desk.api.halt(reason);
    setBusy(false);
    if (!outcome.ok) return setFailure(outcome.failure);
    close();
    desk.toasts.show({
      about: 'stop',
      text: 'Everything is stopped. No message is handed over until the stop is lifted.',
    });
    await desk.status.refresh();
  };
  return (
    <>
      <Button kind="stop" icon="stop" onClick={() => (desk.stopAsked.value = true)}>
        {halt?.active === true ? 'Stopped' : 'Stop'}
      </Button>
      {desk.stopAsked.value ? (
        <Dialog title="Stop everything?" onClose={close}>
          <p>
            No further message is handed over, in any batch, from the next check on (within a quarter of a
            second). Nothing is deleted; a permitted person lifts the stop again.
          </p>
          {halt?.active === true ? (
            <p>It is stopped already; your reason is noted beside the first one.</p>
          ) : null}
          {may(desk.session.value, 'halt') ? null : (
            <p class="note-line">Your sign-in may not stop. Tell somebody who may, now.</p>
          )}
          <ReasonForm
            question="Why? Others will read this."
            lengthMin={3}
            lengthMax={500}
            suggestions={suggestions}
            confirm="Stop everything now"
            kind="stop"
            failure={failure}
            busy={busy}
            onConfirm={(reason) => void stop(reason)}
            onCancel={close}
          />
        </Dialog>
      ) : null}
    </>
  );
};
