import type { Receipt } from '@caio/contracts';
import { useDesk } from '../../desk/desk.ts';
import { useLiveQuery } from '../../desk/use-live-query.ts';
import { Button } from '../../parts/button.tsx';
import { Dialog } from '../../parts/dialog.tsx';
import { Live } from '../../parts/live.tsx';
import { VisibleText } from '../../parts/visible-text.tsx';
import { instantWords } from '../../words/instant-words.ts';

/** Every line of a mail ends in two characters; only one that stands alone is worth a mark. */
const asLines = (content: string): string => content.replaceAll('\r\n', '\n');

/** The exact message that log-only mode kept instead of sending. */
export const EvidenceDialog = (props: { readonly receipt: Receipt; readonly onClose: () => void }) => {
  const { api } = useDesk();
  const { actionId, email } = props.receipt;
  const query = useLiveQuery(`evidence-${actionId}`, (signal) => api.evidence(actionId, signal), null);
  return (
    <Dialog title={`What would have gone to ${email}`} wide onClose={props.onClose}>
      <Live query={query} what="the kept message" within="panel">
        {({ content, savedAt }) => (
          <>
            <p class="quiet small">
              Kept {instantWords(savedAt)}, every byte as a mail program would have got it. It was not sent.
            </p>
            <pre class="evidence" tabIndex={0}>
              <VisibleText text={asLines(content)} />
            </pre>
          </>
        )}
      </Live>
      <div class="dialog-actions">
        <Button kind="primary" onClick={props.onClose}>
          Close
        </Button>
      </div>
    </Dialog>
  );
};
