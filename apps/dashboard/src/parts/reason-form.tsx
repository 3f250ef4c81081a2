import type { ComponentChildren } from 'preact';
import { useId, useState } from 'preact/hooks';
import type { ApiFailure } from '../api/api-failure.ts';
import { Button, type ButtonProps } from './button.tsx';
import { DecidingButton } from './deciding-button.tsx';
import { FailureNote } from './failure-note.tsx';

export interface ReasonFormProps {
  readonly question: string;
  readonly lengthMin: number;
  readonly lengthMax: number;
  /** Reasons that need no typing. */
  readonly suggestions?: readonly string[];
  readonly confirm: string;
  readonly kind?: ButtonProps['kind'];
  readonly failure: ApiFailure | null;
  readonly busy: boolean;
  /** More that has to be given before the button works. */
  readonly complete?: boolean;
  readonly onConfirm: (reason: string) => void;
  readonly onCancel: () => void;
  readonly children?: ComponentChildren;
}

const leftWords = (left: number): string => `${left} more character${left === 1 ? '' : 's'} needed`;

/** Asks why. The reason is trimmed as the services trim it, so that the count here is the count there. */
export const ReasonForm = (props: ReasonFormProps) => {
  const [reason, setReason] = useState('');
  const id = useId();
  const left = props.lengthMin - reason.trim().length;
  const isReady = left <= 0 && props.complete !== false;
  return (
    <form
      class="reason-form"
      onSubmit={(event) => {
        event.preventDefault();
        if (isReady && !props.busy) props.onConfirm(reason.trim());
      }}
    >
      {props.children}
      <label for={id}>{props.question}</label>
      {props.suggestions === undefined ? null : (
        <div class="suggestions">
          {props.suggestions.map((suggestion) => (
            <Button pressed={reason === suggestion} onClick={() => setReason(suggestion)}>
              {suggestion}
            </Button>
          ))}
        </div>
      )}
      <textarea
        id={id}
        rows={3}
        maxLength={props.lengthMax}
        value={reason}
        aria-describedby={`${id}-left`}
        onInput={(event) => setReason(event.currentTarget.value)}
      />
      <p id={`${id}-left`} class="quiet small" aria-live="polite">
        {left > 0 ? leftWords(left) : 'Long enough.'}
      </p>
      {props.failure === null ? null : <FailureNote failure={props.failure} />}
      <div class="dialog-actions">
        <Button onClick={props.onCancel}>Cancel</Button>
        {props.kind === 'stop' ? (
          // The one decision that is never too early.
          <Button type="submit" kind="stop" busy={props.busy} disabled={!isReady}>
            {props.confirm}
          </Button>
        ) : (
          <DecidingButton
            about={props.question}
            type="submit"
            kind={props.kind ?? 'primary'}
            busy={props.busy}
            disabled={!isReady}
          >
            {props.confirm}
          </DecidingButton>
        )}
      </div>
    </form>
  );
};
