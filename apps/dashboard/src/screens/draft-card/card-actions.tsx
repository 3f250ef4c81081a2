import type { Draft } from '@caio/contracts';
import { Button } from '../../parts/button.tsx';
import { DecidingButton } from '../../parts/deciding-button.tsx';

/** What can be done with a draft that waits: all of it once the card has been on the screen for a moment. */
export const CardActions = (props: {
  readonly draft: Draft;
  /** What a press would be about. */
  readonly about: string;
  readonly busy: boolean;
  readonly canApprove: boolean;
  readonly canChange: boolean;
  readonly onApprove: () => void;
  readonly onEdit: () => void;
  readonly onReject: () => void;
  readonly onHelp: () => void;
}) => {
  const { about, canChange } = props;
  return (
    <div class="action-bar">
      {props.draft.status === 'pending' ? (
        <DecidingButton
          about={about}
          kind="primary"
          icon="check"
          shortcut="A"
          busy={props.busy}
          disabled={!props.canApprove}
          onClick={props.onApprove}
        >
          Approve
        </DecidingButton>
      ) : null}
      <DecidingButton about={about} icon="pencil" shortcut="E" disabled={!canChange} onClick={props.onEdit}>
        Edit
      </DecidingButton>
      <DecidingButton about={about} icon="cross" shortcut="R" disabled={!canChange} onClick={props.onReject}>
        Reject
      </DecidingButton>
      <span class="keys-hint">
        <Button kind="quiet" shortcut="?" onClick={props.onHelp}>
          Keys
        </Button>
      </span>
    </div>
  );
};
