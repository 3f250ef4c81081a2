import type { Draft, DraftId, DraftStatus, DraftSummaryList } from '@caio/contracts';
import { useEffect, useRef, useState } from 'preact/hooks';
import { useLocation } from 'wouter-preact';
import type { ApiOutcome } from '../../api/api-client.ts';
import { useArmed } from '../../desk/arming.ts';
import { useDesk } from '../../desk/desk.ts';
import { knownValue } from '../../desk/known-value.ts';
import { lastUndoable, type Reviewed } from '../../desk/review-log.ts';
import { tooEarly } from '../../desk/toasts.ts';
import { useLiveQuery } from '../../desk/use-live-query.ts';
import { Button } from '../../parts/button.tsx';
import { FullNotice } from '../../parts/full-notice.tsx';
import { Live } from '../../parts/live.tsx';
import { failureWords } from '../../words/failure-words.ts';
import { draftStateWords } from '../../words/state-words.ts';
import { DraftCard } from '../draft-card/draft-card.tsx';
import { withDecided } from './decided-list.ts';
import { type DraftFilter, filterDrafts, neighbourOf, noFilter } from './draft-filter.ts';
import { DraftEntries } from './draft-list.tsx';
import { EmptyQueue } from './empty-queue.tsx';
import { FilterBar } from './filter-bar.tsx';
import { KeyboardHelp } from './keyboard-help.tsx';
import { useNextDraft } from './next-draft.ts';
import { RecentlyReviewed } from './recently-reviewed.tsx';
import { useReviewKeys } from './review-keys.ts';

const againMs = 60_000;
/** With fewer than these loaded and more behind them, the next are asked for. */
const loadedMin = 20;

/** The cards to decide about: the list at one side, the chosen card beside it. */
export const ReviewQueue = ({ draftId }: { readonly draftId: DraftId | null }) => {
  const desk = useDesk();
  const [, navigate] = useLocation();
  const [status, setStatus] = useState<DraftStatus>('pending');
  const [filter, setFilter] = useState<DraftFilter>(noFilter);
  const [helping, setHelping] = useState(false);
  const pages = useRef(1);
  const readTexts = useRef(new Map<DraftId, Draft>());

  const loadPages = async (signal: AbortSignal): Promise<ApiOutcome<DraftSummaryList>> => {
    let outcome = await desk.api.drafts(status, null, signal);
    for (let page = 1; page < pages.current && outcome.ok && outcome.value.nextCursor !== null; page += 1) {
      const { drafts } = outcome.value;
      const more = await desk.api.drafts(status, outcome.value.nextCursor, signal);
      outcome = more.ok
        ? { ok: true, value: { ...more.value, drafts: [...drafts, ...more.value.drafts] } }
        : more;
    }
    return outcome;
  };
  const query = useLiveQuery(`drafts-${status}`, loadPages, againMs);
  const list = knownValue(query.state.value);
  const counts = knownValue(desk.status.state.value)?.drafts ?? list?.counts ?? {};
  const countHere = counts[status];
  useEffect(() => {
    if (list !== null && countHere !== undefined && countHere !== list.counts[status]) void query.refresh();
  }, [countHere]);

  const shown = list === null ? [] : filterDrafts(list.drafts, filter);
  const ids = shown.map((draft) => draft.draftId);
  const current = draftId ?? ids[0] ?? null;
  const open = (id: DraftId | null): void => {
    if (id !== null) navigate(`/review/${id}`, { replace: true });
  };
  // The address holds the card fast: it stays on the screen when the list under it changes.
  useEffect(() => {
    if (draftId === null) open(current);
  }, [draftId, current]);
  const ahead = useNextDraft(current, neighbourOf(ids, current, 'next'));
  const decided = (draft: Draft): void => {
    // An edit that a check parks stays on the screen: its reader has to see why.
    if (draft.status !== status && draft.status !== 'parked') {
      const next = neighbourOf(ids, draft.draftId, 'next') ?? neighbourOf(ids, draft.draftId, 'previous');
      navigate(next === null ? '/' : `/review/${next}`, { replace: true });
    }
    // What the decision changed in the list is known here; it is read again when the store counts otherwise.
    const changed = list === null ? null : withDecided(list, draft);
    if (changed !== null) query.put(changed);
    if (changed === null || (changed.nextCursor !== null && changed.drafts.length < loadedMin))
      void query.refresh();
    void desk.status.refresh();
  };
  const undoing = useRef(false);
  const [recalls, setRecalls] = useState(0);
  const undo = async (entry: Pick<Reviewed, 'draftId' | 'who' | 'contentDigest'>): Promise<void> => {
    if (undoing.current) return;
    undoing.current = true;
    const outcome = await desk.api.recallDraft(entry.draftId, {
      contentDigest: entry.contentDigest,
      reason: 'Undone at the desk by the reviewer',
    });
    undoing.current = false;
    if (!outcome.ok) {
      const { title, detail, fix } = failureWords(outcome.failure);
      return desk.toasts.show({ about: 'review', text: `Not undone. ${title}: ${detail} ${fix}` });
    }
    desk.noteReviewed({ ...entry, what: 'recalled' });
    setRecalls((count) => count + 1);
    desk.toasts.show({ about: 'review', text: `The approval for ${entry.who} is taken back.` });
    setStatus('pending');
    open(entry.draftId);
    void desk.status.refresh();
    void query.refresh();
  };
  const last = lastUndoable(desk.reviewed.value, desk.timers.now());
  const undoArmed = useArmed(`undo ${last?.draftId ?? ''}`);
  useReviewKeys((pressed) => {
    switch (pressed) {
      case 'next':
      case 'previous':
        return open(neighbourOf(ids, current, pressed));
      case 'undo':
        if (last === null)
          return desk.toasts.show({
            about: 'undo',
            text: 'There is no approval of the last ten minutes to take back.',
          });
        return undoArmed ? void undo(last) : desk.toasts.show(tooEarly);
      case 'stop':
        desk.stopAsked.value = true;
        return;
      case 'help':
        return setHelping(true);
      case 'approve':
      case 'edit':
      case 'reject':
        // The card that is shown answers to these itself.
        return;
    }
  });
  const changeStatus = (next: DraftStatus): void => {
    pages.current = 1;
    setStatus(next);
    navigate('/', { replace: true });
  };

  return (
    <div class="review">
      <h1 class="visually-hidden">Review</h1>
      <Live query={query} what="the drafts">
        {(value) => {
          const hiddenCount = value.drafts.length - shown.length;
          const isAllHidden = hiddenCount > 0 && shown.length === 0;
          const place = current === null ? -1 : ids.findIndex((id) => id === current);
          return (
            <div class="review-grid">
              <aside class="review-list" aria-label="Drafts">
                <details class="review-drawer" open={window.matchMedia('(min-width: 60rem)').matches}>
                  <summary>
                    {draftStateWords[status]}: {counts[status] ?? value.drafts.length}
                  </summary>
                  <FilterBar
                    status={status}
                    counts={{ ...value.counts, ...counts }}
                    filter={filter}
                    onStatus={changeStatus}
                    onFilter={setFilter}
                  />
                  <DraftEntries drafts={shown} current={current} />
                  {hiddenCount > 0 && shown.length > 0 ? (
                    <p class="small quiet hidden-count">
                      {hiddenCount} more hidden by the filter.{' '}
                      <button type="button" class="count-link" onClick={() => setFilter(noFilter)}>
                        Show all
                      </button>
                    </p>
                  ) : null}
                  {value.nextCursor === null ? null : (
                    <p class="small hidden-count">
                      The first {value.drafts.length} of {value.counts[status] ?? 'many'} are loaded.{' '}
                      <button
                        type="button"
                        class="count-link"
                        onClick={() => {
                          pages.current += 1;
                          void query.refresh();
                        }}
                      >
                        Load the next
                      </button>
                    </p>
                  )}
                </details>
                <RecentlyReviewed onUndo={(entry) => void undo(entry)} />
              </aside>
              {current === null && value.drafts.length === 0 ? (
                <EmptyQueue status={status} onShow={changeStatus} />
              ) : null}
              {isAllHidden ? (
                <FullNotice kind="filtered" title={`The filter hides all ${value.drafts.length} drafts`}>
                  <p>They are there; none fits the tier and the text you chose.</p>
                  <Button kind="primary" onClick={() => setFilter(noFilter)}>
                    Show all {String(value.drafts.length)}
                  </Button>
                </FullNotice>
              ) : null}
              {current === null || isAllHidden ? null : (
                <DraftCard
                  // What was taken back is another thing to decide about, also when it is on the screen already.
                  key={`${current} ${recalls}`}
                  draftId={current}
                  ahead={ahead}
                  readTexts={readTexts.current}
                  place={
                    place < 0
                      ? null
                      : { at: place + 1, of: hiddenCount === 0 ? (counts[status] ?? ids.length) : ids.length }
                  }
                  onStep={(step) => open(neighbourOf(ids, current, step))}
                  onDecided={decided}
                  onUndo={(entry) => void undo(entry)}
                  onHelp={() => setHelping(true)}
                />
              )}
            </div>
          );
        }}
      </Live>
      {helping ? <KeyboardHelp onClose={() => setHelping(false)} /> : null}
    </div>
  );
};
