import type { ComponentChildren } from 'preact';
import type { ApiFailure } from '../api/api-failure.ts';
import { useDesk } from '../desk/desk.ts';
import type { LiveQuery } from '../desk/live-query.ts';
import { failureWords } from '../words/failure-words.ts';
import { timeWords } from '../words/instant-words.ts';
import { Button } from './button.tsx';
import { FailureNote, Reference } from './failure-note.tsx';
import { FullNotice } from './full-notice.tsx';
import { Icon } from './icon.tsx';

/** When it is tried again by itself. */
export const RetryWords = ({ retryAt }: { readonly retryAt: number }) => {
  const { clock } = useDesk();
  const seconds = Math.ceil((retryAt - clock.value) / 1_000);
  // Read aloud, a number that changes every second would drown everything else.
  return (
    <span aria-hidden="true">{seconds > 0 ? `Trying again in ${seconds} s.` : 'Trying again now…'}</span>
  );
};

/** Across the top of figures that may be old: when they are from, why, and when it is tried again. */
export const StaleBand = (props: {
  readonly loadedAt: number;
  readonly failure: ApiFailure;
  readonly retryAt: number;
  readonly onRetry: () => void;
}) => {
  const words = failureWords(props.failure);
  return (
    <div class="stale-band" data-screen="stale" role="status">
      <Icon name="clock" />
      <p>
        <strong>Not up to date.</strong> This is how it was at {timeWords(props.loadedAt)}. {words.title}.{' '}
        <RetryWords retryAt={props.retryAt} />
      </p>
      <Button kind="quiet" onClick={props.onRetry}>
        Try now
      </Button>
    </div>
  );
};

/** A whole screen that could not be loaded at all. Never an empty list. */
export const BrokenScreen = (props: {
  readonly failure: ApiFailure;
  readonly retryAt: number | null;
  readonly onRetry: () => void;
}) => {
  const { title, detail, fix, correlationId } = failureWords(props.failure);
  return (
    <FullNotice kind="broken" title={title}>
      <p>{detail}</p>
      <p>{fix}</p>
      <p class="quiet">
        What is waiting is not shown here because it could not be read. It has not gone away.{' '}
        {props.retryAt === null ? null : <RetryWords retryAt={props.retryAt} />}
      </p>
      <Button onClick={props.onRetry}>Try now</Button>
      <Reference id={correlationId} />
    </FullNotice>
  );
};

/** Shows what a live query knows: loading, broken, or its value, with a band over it once it is old. */
export const Live = <T,>({
  query,
  what,
  within = 'screen',
  children,
}: {
  readonly query: LiveQuery<T>;
  readonly what: string;
  /** In a panel a failure is a note beside the rest, not the screen. */
  readonly within?: 'screen' | 'panel';
  readonly children: (value: T) => ComponentChildren;
}) => {
  const state = query.state.value;
  const retry = (): void => void query.refresh();
  switch (state.kind) {
    case 'loading':
      if (within === 'panel') return <p class="quiet">Loading {what}…</p>;
      return <FullNotice kind="loading" title={`Loading ${what}…`} />;
    case 'failed':
      if (within === 'panel')
        return (
          <FailureNote failure={state.failure}>
            <Button onClick={retry}>Try now</Button>
          </FailureNote>
        );
      return <BrokenScreen failure={state.failure} retryAt={state.retryAt} onRetry={retry} />;
    case 'stale':
    case 'ready':
      // One tree for both: what somebody has begun below must not be thrown away because an answer was late.
      return (
        <>
          {state.kind === 'stale' ? <StaleBand key="band" {...state} onRetry={retry} /> : null}
          <div key="value" class={state.kind === 'stale' ? 'stale' : 'fresh'}>
            {children(state.value)}
          </div>
        </>
      );
  }
};
