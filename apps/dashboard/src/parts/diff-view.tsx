import type { ComponentChildren } from 'preact';
import { type DiffPiece, diffWords, inlineChanges } from '../text/word-diff.ts';
import { VisibleText } from './visible-text.tsx';

const Side = ({ pieces, how }: { readonly pieces: readonly DiffPiece[]; readonly how: 'del' | 'ins' }) => (
  <>
    {pieces.map(({ text, changed }) => {
      if (!changed) return <VisibleText text={text} />;
      return how === 'del' ? (
        <del>
          <VisibleText text={text} />
        </del>
      ) : (
        <ins>
          <VisibleText text={text} />
        </ins>
      );
    })}
  </>
);

export interface DiffText {
  readonly subject: string;
  readonly body: string;
  readonly footer: string;
}

const InlinePart = ({ before, after }: { readonly before: string; readonly after: string }) => (
  <>
    {inlineChanges(before, after).map(({ text, kind }) => {
      switch (kind) {
        case 'gap':
          return <span class="diff-gap"> … </span>;
        case 'added':
          return (
            <ins>
              <VisibleText text={text} />
            </ins>
          );
        case 'removed':
          return (
            <del>
              <VisibleText text={text} />
            </del>
          );
        case 'same':
          return <VisibleText text={text} />;
      }
    })}
  </>
);

/** Only what differs between two versions, in one text: old words struck out, new ones underlined. */
export const ChangesView = ({ before, after }: { readonly before: DiffText; readonly after: DiffText }) => (
  <div class="diff-side">
    {(['subject', 'body', 'footer'] as const)
      .filter((part) => before[part] !== after[part])
      .map((part) => (
        <div class={`diff-part diff-${part}`}>
          <InlinePart before={before[part]} after={after[part]} />
        </div>
      ))}
  </div>
);

/** Two versions of a message beside each other, the words that differ marked on both sides. */
export const DiffView = (props: {
  readonly before: DiffText;
  readonly after: DiffText;
  readonly titles: readonly [before: string, after: string];
  /** Said of each side under its title. */
  readonly notes?: readonly [before: ComponentChildren, after: ComponentChildren];
  /** Across the second side: why it did not come to that. */
  readonly stamp?: string;
}) => {
  const parts = (['subject', 'body', 'footer'] as const).map((part) => ({
    part,
    diff: diffWords(props.before[part], props.after[part]),
  }));
  const sides = ['before', 'after'] as const;
  return (
    <div class="diff">
      {sides.map((side, index) => (
        <section class={`diff-side diff-${side}`} aria-label={props.titles[index]}>
          <header class="diff-head">
            <h3>{props.titles[index]}</h3>
            {props.notes?.[index]}
            {side === 'after' && props.stamp !== undefined ? <p class="stamp">{props.stamp}</p> : null}
          </header>
          {parts.map(({ part, diff }) => (
            <div class={`diff-part diff-${part}`}>
              <Side pieces={diff[side]} how={side === 'before' ? 'del' : 'ins'} />
            </div>
          ))}
        </section>
      ))}
    </div>
  );
};
