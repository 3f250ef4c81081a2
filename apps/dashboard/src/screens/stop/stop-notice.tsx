import type { HaltState } from '@caio/contracts';
import { useState } from 'preact/hooks';
import type { ApiFailure } from '../../api/api-failure.ts';
import { useDesk } from '../../desk/desk.ts';
import { may } from '../../desk/session.ts';
import { Button } from '../../parts/button.tsx';
import { Dialog } from '../../parts/dialog.tsx';
import { Icon } from '../../parts/icon.tsx';
import { ReasonForm } from '../../parts/reason-form.tsx';
import { LeadText } from '../../parts/visible-text.tsx';
import { agoWords } from '../../words/age-words.ts';
import { instantWords } from '../../words/instant-words.ts';

const Lift = ({ onClose }: { readonly onClose: () => void }) => {
  const desk = useDesk();
  const [failure, setFailure] = useState<ApiFailure | null>(null);
  const [busy, setBusy] = useState(false);
  const lift = async (reason: string): Promise<void> => {
    setBusy(true);
    const outcome = await desk.api.liftHalt(reason);
    setBusy(false);
    if (!outcome.ok) return setFailure(outcome.failure);
    onClose();
    desk.toasts.show({
      about: 'stop',
      text: outcome.value.halt.active
        ? 'The stored stop is lifted; the one in the settings of the process still stands.'
        : 'The stop is lifted. Batches that were being sent go on.',
    });
    await desk.status.refresh();
  };
  return (
    <Dialog title="Lift the stop?" onClose={onClose}>
      <p>Batches that were being sent go on by themselves, with every check before each message.</p>
      <ReasonForm
        question="What has been cleared up?"
        lengthMin={3}
        lengthMax={500}
        confirm="Lift the stop"
        failure={failure}
        busy={busy}
        onConfirm={(reason) => void lift(reason)}
        onCancel={onClose}
      />
    </Dialog>
  );
};

/** What a provider answered when it was asked to pause what it mails by itself. */
const pauseWords = ({ provider, paused, failed, at }: HaltState['providers'][number]): string => {
  if (failed.length > 0)
    return `Not confirmed by ${provider}, which may go on mailing what it holds: ${failed[0]?.message ?? ''} It is asked again until it is paused.`;
  const what = paused === 0 ? 'nothing of ours was being mailed there' : `${paused} paused there`;
  return `Confirmed by ${provider}, ${instantWords(at)}: ${what}.`;
};

/** While everything is stopped: who did it, why, since when, and the way out. */
export const StopNotice = ({ halt }: { readonly halt: HaltState }) => {
  const { clock, session } = useDesk();
  const [lifting, setLifting] = useState(false);
  if (!halt.active) return null;
  return (
    <section class="stop-notice" aria-label="Everything is stopped">
      <Icon name="stop" />
      <div>
        <p class="stop-notice-title">Everything is stopped</p>
        {halt.stored ? (
          <p>
            By <strong>{halt.by ?? 'nobody recorded'}</strong>
            {halt.at === null ? '' : `, ${instantWords(halt.at)} (${agoWords(halt.at, clock.value)})`}: “
            <LeadText text={halt.reason ?? 'no reason recorded'} />”
          </p>
        ) : null}
        {halt.also.map(({ by, reason, at }) => (
          <p class="small">
            Also {by}, {instantWords(at)}: “<LeadText text={reason} />”
          </p>
        ))}
        {halt.environment ? (
          <p>EMERGENCY_STOP is set for the gatekeeper. Only whoever runs the system can take that away.</p>
        ) : null}
        {halt.providers.map((pause) => (
          <p class="small">{pauseWords(pause)}</p>
        ))}
      </div>
      {halt.stored && may(session.value, 'halt:lift') ? (
        <Button onClick={() => setLifting(true)}>Lift the stop…</Button>
      ) : null}
      {lifting ? <Lift onClose={() => setLifting(false)} /> : null}
    </section>
  );
};
