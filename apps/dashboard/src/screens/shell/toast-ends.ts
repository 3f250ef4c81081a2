import { useEffect, useRef } from 'preact/hooks';
import { useLocation } from 'wouter-preact';
import { useDesk } from '../../desk/desk.ts';
import { knownValue } from '../../desk/known-value.ts';
import { type DraftCounts, someLeftApproved } from './left-approved.ts';

/** One card after another is one screen: what is said of the last stays while the next is read. */
const screenOf = (path: string): string => {
  if (path.startsWith('/review/')) return '/';
  return path.startsWith('/unknown/') ? '/unknown' : path;
};

/** Takes notes away with the screen they are of, and their ways back as soon as there may be none. */
export const useToastEnds = (): void => {
  const { toasts, status } = useDesk();
  const screen = screenOf(useLocation()[0]);
  const counts = knownValue(status.state.value)?.drafts;
  const before = useRef<DraftCounts | null>(null);
  useEffect(() => () => toasts.clear(), [screen]);
  useEffect(() => {
    if (counts === undefined) return;
    if (before.current !== null && someLeftApproved(before.current, counts))
      for (const toast of toasts.list.value) if (toast.action !== undefined) toasts.dismiss(toast);
    before.current = counts;
  }, [counts]);
};
