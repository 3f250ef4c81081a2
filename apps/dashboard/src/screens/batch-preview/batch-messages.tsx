import { type Batch, type batchPreviewSchema, headingOf } from '@caio/contracts';
import { useEffect, useRef } from 'preact/hooks';
import type { z } from 'zod';
import type { ApiOutcome } from '../../api/api-client.ts';
import { useDesk } from '../../desk/desk.ts';
import { knownValue } from '../../desk/known-value.ts';
import { useLiveQuery } from '../../desk/use-live-query.ts';
import { Button } from '../../parts/button.tsx';
import { Digest } from '../../parts/digest.tsx';
import { Live } from '../../parts/live.tsx';
import { MessageSheet } from '../../parts/message-sheet.tsx';
import { LeadText } from '../../parts/visible-text.tsx';
import { tierWords } from '../../words/state-words.ts';

type BatchPreviewPage = z.infer<typeof batchPreviewSchema>;
export type PreviewItem = BatchPreviewPage['items'][number];

const Item = (props: {
  readonly item: PreviewItem;
  readonly chosen: boolean;
  readonly onChoose: ((item: PreviewItem, how: 'in' | 'out') => void) | null;
}) => {
  const { item, onChoose } = props;
  return (
    <li class={props.chosen ? 'item item-dropped' : 'item'}>
      {onChoose === null ? null : (
        <label class="item-choice">
          <input
            type="checkbox"
            checked={props.chosen}
            onChange={(event) => onChoose(item, event.currentTarget.checked ? 'out' : 'in')}
          />
          <span class="visually-hidden">
            Drop the message to <LeadText text={item.email} />
          </span>
        </label>
      )}
      <details>
        <summary>
          <span class="item-to">
            <LeadText text={item.message.recipient.name ?? item.email} />
          </span>
          <span class="item-subject">
            <LeadText text={headingOf(item.message)} />
          </span>
          <span class="quiet small">{tierWords(item.tier)}</span>
        </summary>
        <MessageSheet message={item.message} />
        <p class="small quiet">
          Content <Digest digest={item.contentDigest} what="content digest" />
        </p>
      </details>
    </li>
  );
};

/** The frozen texts, page by page, each readable in full. With `onChoose` each can be marked to be dropped. */
export const BatchMessages = (props: {
  readonly batch: Batch;
  readonly chosen: ReadonlySet<string>;
  readonly onChoose: ((item: PreviewItem, how: 'in' | 'out') => void) | null;
  /** How many texts are on the screen, each time that changes. */
  readonly onShown: (count: number) => void;
}) => {
  const { api } = useDesk();
  const pages = useRef(1);
  const load = async (signal: AbortSignal): Promise<ApiOutcome<BatchPreviewPage>> => {
    let outcome = await api.preview(props.batch.batchId, null, signal);
    for (let page = 1; page < pages.current && outcome.ok && outcome.value.nextCursor !== null; page += 1) {
      const { items } = outcome.value;
      const more = await api.preview(props.batch.batchId, outcome.value.nextCursor, signal);
      outcome = more.ok
        ? { ok: true, value: { ...more.value, items: [...items, ...more.value.items] } }
        : more;
    }
    return outcome;
  };
  // A frozen text does not change, so it is asked for once.
  const query = useLiveQuery(`preview-${props.batch.batchId}`, load, null);
  const shown = knownValue(query.state.value)?.items.length ?? 0;
  useEffect(() => props.onShown(shown), [shown]);
  return (
    <Live query={query} what="the messages" within="panel">
      {({ items, nextCursor }) => (
        <>
          <ul class="items">
            {items.map((item) => (
              <Item
                key={item.actionId}
                item={item}
                chosen={props.chosen.has(item.draftId)}
                onChoose={props.onChoose}
              />
            ))}
          </ul>
          {nextCursor === null ? null : (
            <p>
              The first {items.length} of {props.batch.actionCount} are shown.{' '}
              <Button
                onClick={() => {
                  pages.current += 1;
                  void query.refresh();
                }}
              >
                Show the next
              </Button>
            </p>
          )}
        </>
      )}
    </Live>
  );
};
