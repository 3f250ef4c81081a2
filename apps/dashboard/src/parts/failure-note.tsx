import type { ComponentChildren } from 'preact';
import type { ApiFailure } from '../api/api-failure.ts';
import { failureWords } from '../words/failure-words.ts';
import { Icon } from './icon.tsx';
import { LeadText } from './visible-text.tsx';

/** The reference under which the services logged a request: what one gives to whoever runs the system. */
export const Reference = ({ id }: { readonly id: string | null }) =>
  id === null ? null : (
    <p class="reference">
      Reference <code>{id}</code>
    </p>
  );

/** A failure beside what it is about, so that nothing on the screen is lost for it. */
export const FailureNote = ({
  failure,
  children,
}: {
  readonly failure: ApiFailure;
  readonly children?: ComponentChildren;
}) => {
  if (failure.kind === 'aborted') return null;
  const { title, detail, fix, correlationId } = failureWords(failure);
  return (
    <div class="note" role="alert">
      <Icon name="warn" />
      <div>
        <p class="note-title">{title}</p>
        <p>
          <LeadText text={detail} /> {fix}
        </p>
        {children}
        <Reference id={correlationId} />
      </div>
    </div>
  );
};
