import { diffWordsWithSpace } from 'diff';

/** A stretch of one side: the same in both, or only in this one. */
export interface DiffPiece {
  readonly text: string;
  readonly changed: boolean;
}

export interface WordDiff {
  readonly before: readonly DiffPiece[];
  readonly after: readonly DiffPiece[];
  /** How many stretches differ; 0 means the texts are equal. */
  readonly changes: number;
}

export interface InlinePiece {
  readonly text: string;
  /** `gap` stands for words that are the same in both and were left out. */
  readonly kind: 'same' | 'removed' | 'added' | 'gap';
}

const contextLength = 90;

/** The end of a stretch, from a word on. */
const endOf = (text: string): string => text.slice(-contextLength).replace(/^\S*\s?/, '');
const startOf = (text: string): string => text.slice(0, contextLength).replace(/\s?\S*$/, '');

/** Both versions in one text, old and new words marked; long stretches without a change are cut short. */
export const inlineChanges = (before: string, after: string): readonly InlinePiece[] => {
  const parts = diffWordsWithSpace(before, after);
  return parts.flatMap((part, index): readonly InlinePiece[] => {
    if (part.added) return [{ text: part.value, kind: 'added' }];
    if (part.removed) return [{ text: part.value, kind: 'removed' }];
    const isFirst = index === 0;
    const isLast = index === parts.length - 1;
    const edges = (isFirst ? 0 : 1) + (isLast ? 0 : 1);
    if (part.value.length <= contextLength * edges + 20) return [{ text: part.value, kind: 'same' }];
    return [
      ...(isFirst ? [] : [{ text: startOf(part.value), kind: 'same' } as const]),
      { text: '', kind: 'gap' },
      ...(isLast ? [] : [{ text: endOf(part.value), kind: 'same' } as const]),
    ];
  });
};

/** Marks words of two texts. Each side, put together, is its text, character for character. */
export const diffWords = (before: string, after: string): WordDiff => {
  const parts = diffWordsWithSpace(before, after);
  const sideOf = (other: 'added' | 'removed', own: 'added' | 'removed'): readonly DiffPiece[] =>
    parts.filter((part) => !part[other]).map((part) => ({ text: part.value, changed: part[own] }));
  const left = sideOf('added', 'removed');
  const right = sideOf('removed', 'added');
  const changes = Math.max(
    left.filter(({ changed }) => changed).length,
    right.filter(({ changed }) => changed).length,
  );
  return { before: left, after: right, changes };
};
