import { DecidingButton } from '../../parts/deciding-button.tsx';
import { FullNotice } from '../../parts/full-notice.tsx';
import { LeadText } from '../../parts/visible-text.tsx';

/** Somebody else signed in while this tab showed the desk of the person before. Nothing goes on under the new name unseen. */
export const TakenOver = (props: {
  readonly before: string;
  readonly now: string;
  readonly onSeen: () => void;
}) => (
  <FullNotice kind="signed-out" title={`You are signed in as ${props.now} now; look again`}>
    <p>
      This tab showed the desk of <LeadText text={props.before} /> until now; somebody signed in in another
      tab. What was on the screen is put away, and nothing was decided with your last press.
    </p>
    <p>What you decide from here on is recorded under the new name.</p>
    <p>
      <DecidingButton about={props.now} kind="primary" onClick={props.onSeen}>
        Go on as {props.now}
      </DecidingButton>
    </p>
  </FullNotice>
);
