import type { RampDay, RampStatus } from '@caio/contracts';
import { useDesk } from '../../desk/desk.ts';
import { useLiveQuery } from '../../desk/use-live-query.ts';
import { Facts } from '../../parts/facts.tsx';
import { Live } from '../../parts/live.tsx';

const againMs = 60_000;
const daysShown = 7;

const stageWords: Readonly<Record<RampStatus['stage'], string>> = {
  off: 'none: the caps of the policy hold',
  ramp: 'in force: its lower cap and its tiers hold',
  graduated: 'ended: the caps of the policy hold',
};
const statusWords: Readonly<Record<RampDay['status'], string>> = {
  clean: 'clean',
  not_clean: 'not clean',
  missed: 'missed, nothing left',
  open: 'today, not over',
};
const reasonWords: Readonly<Record<RampDay['reasons'][number], string>> = {
  bounce: 'a message bounced',
  complaint: 'somebody complained',
  halt: 'everything was stopped',
  unknown: 'not known whether a message was sent',
  unreviewed: 'drafts nobody decided about',
};

const Days = ({ days }: { readonly days: readonly RampDay[] }) => (
  <ul class="sentences">
    {days.slice(0, daysShown).map(({ status, reasons, facts }) => (
      <li key={facts.day}>
        {facts.day}: {statusWords[status]}
        {reasons.length === 0 ? '' : ` (${reasons.map((reason) => reasonWords[reason]).join('; ')})`}
      </li>
    ))}
  </ul>
);

/** How much may be sent now, and what days of sending speak for more. */
export const RampPanel = () => {
  const { api } = useDesk();
  const ramp = useLiveQuery('ramp', api.ramp, againMs);
  return (
    <section class="panel" data-panel="ramp">
      <h2>Ramp</h2>
      <Live query={ramp} what="the ramp" within="panel">
        {({ ramp: { stage, holds, cleanDays, against, graduated, droppedBack, days } }) => (
          <>
            <Facts
              facts={[
                ['Ramp', stageWords[stage]],
                ['E-mail today', `${holds.sentToday} of ${holds.emailPerDay} sent for real`],
                ...(stage === 'off'
                  ? []
                  : [['Clean days', `${cleanDays.found.length} of ${cleanDays.required}`] as const]),
                ...(graduated === null
                  ? []
                  : [['Ended by', `${graduated.by}: ${graduated.reason}`] as const]),
                ...(droppedBack === null
                  ? []
                  : [
                      [
                        'Back since',
                        `${droppedBack.day}: ${droppedBack.reasons.map((reason) => reasonWords[reason]).join('; ')}`,
                      ] as const,
                    ]),
              ]}
            />
            {stage === 'ramp' ? <p class="quiet">{against.join(' ')}</p> : null}
            <Days days={days} />
          </>
        )}
      </Live>
    </section>
  );
};
