import type { DraftId } from '@caio/contracts';
import { useEffect, useRef } from 'preact/hooks';
import type { ShownDraft } from '../../api/desk-api.ts';
import { useDesk } from '../../desk/desk.ts';

/** A draft that was read before its card is shown, and when. */
export interface DraftAhead {
  readonly draft: ShownDraft;
  readonly loadedAt: number;
}

const pauseMs = 400;

/**
 * Reads the draft after the one that is shown, so that the next card is there at once. Nothing waits for it: when it
 * does not come, the card asks by itself. Answers with what was read for `current`, if anything was.
 */
export const useNextDraft = (current: DraftId | null, next: DraftId | null): DraftAhead | null => {
  const { api, timers } = useDesk();
  const ahead = useRef<DraftAhead | null>(null);
  useEffect(() => {
    if (next === null || ahead.current?.draft.draftId === next) return;
    const gone = new AbortController();
    // Somebody who leafs through the cards needs none of those in between.
    const cancel = timers.after(pauseMs, () => {
      void api.draft(next, gone.signal).then((outcome) => {
        if (outcome.ok) ahead.current = { draft: outcome.value.draft, loadedAt: timers.now() };
      });
    });
    return () => {
      cancel();
      gone.abort();
    };
  }, [next]);
  return ahead.current?.draft.draftId === current ? ahead.current : null;
};
