import type { Receipt } from '@caio/contracts';
import { useDesk } from '../../desk/desk.ts';
import { useLiveQuery } from '../../desk/use-live-query.ts';
import { Button } from '../../parts/button.tsx';
import { Dialog } from '../../parts/dialog.tsx';
import { Live } from '../../parts/live.tsx';
import { VisibleText } from '../../parts/visible-text.tsx';
import { instantWords } from '../../words/instant-words.ts';

/** The exact message that log-only mode kept instead of sending. */
export const EvidenceDialog = (props: { readonly receipt: Receipt; readonly onClose: () => void }) => {
  const { api } = useDesk();
  const { actionId, email } = props.receipt;
  const query = useLiveQuery(`evidence-${actionId}`, (signal) => api.evidence(actionId, signal), null);
  return (
    <Dialog title={`What would have gone to ${email}`} wide onClose={props.onClose}>
      <Live query={query} what="the kept message" within="panel">
        {({ content, contentType, savedAt }) => (
          <>
            <p class="quiet small">
              Kept {instantWords(savedAt)} as {contentType}. It was not sent.
            </p>
            <pre class="evidence" tabIndex={0}>
              <VisibleText text={content} />
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
