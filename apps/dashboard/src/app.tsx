import { actionIdSchema, batchIdSchema, draftIdSchema } from '@caio/contracts';
import { useEffect } from 'preact/hooks';
import { Link, Redirect, Route, Router, Switch } from 'wouter-preact';
import { type Desk, DeskContext } from './desk/desk.ts';
import { FullNotice } from './parts/full-notice.tsx';
import { BrokenScreen } from './parts/live.tsx';
import { BatchFreeze } from './screens/batch-freeze/batch-freeze.tsx';
import { BatchList } from './screens/batch-list/batch-list.tsx';
import { BatchPreview } from './screens/batch-preview/batch-preview.tsx';
import { ListImport } from './screens/people/list-import.tsx';
import { People } from './screens/people/people.tsx';
import { BatchReceipts } from './screens/receipts/batch-receipts.tsx';
import { ReceiptList } from './screens/receipts/receipt-list.tsx';
import { ReviewQueue } from './screens/review-queue/review-queue.tsx';
import { Shell } from './screens/shell/shell.tsx';
import { TakenOver } from './screens/signed-out/taken-over.tsx';
import { SignedOut } from './screens/signed-out/signed-out.tsx';
import { UnknownList } from './screens/unknown/unknown-list.tsx';
import { UnknownMessage } from './screens/unknown/unknown-message.tsx';
import { System } from './screens/system/system.tsx';

const askAgainMs = 5_000;

const NoSuchPage = () => (
  <div class="page">
    <FullNotice kind="broken" title="There is no such page">
      <p>The address is not one of this desk.</p>
      <p>
        <Link class="button" href="/">
          Go to the review
        </Link>
      </p>
    </FullNotice>
  </div>
);

const Screens = () => (
  <Switch>
    <Route path="/">
      <ReviewQueue draftId={null} />
    </Route>
    <Route path="/review/:draftId">
      {({ draftId }) => {
        const parsed = draftIdSchema.safeParse(draftId);
        return parsed.success ? <ReviewQueue draftId={parsed.data} /> : <NoSuchPage />;
      }}
    </Route>
    <Route path="/review">
      <Redirect to="/" />
    </Route>
    <Route path="/batches" component={BatchList} />
    <Route path="/batches/new" component={BatchFreeze} />
    <Route path="/batches/:batchId">
      {({ batchId }) => {
        const parsed = batchIdSchema.safeParse(batchId);
        return parsed.success ? <BatchPreview key={parsed.data} batchId={parsed.data} /> : <NoSuchPage />;
      }}
    </Route>
    <Route path="/receipts" component={ReceiptList} />
    <Route path="/receipts/:batchId">
      {({ batchId }) => {
        const parsed = batchIdSchema.safeParse(batchId);
        return parsed.success ? <BatchReceipts key={parsed.data} batchId={parsed.data} /> : <NoSuchPage />;
      }}
    </Route>
    <Route path="/unknown" component={UnknownList} />
    <Route path="/unknown/:actionId">
      {({ actionId }) => {
        const parsed = actionIdSchema.safeParse(actionId);
        return parsed.success ? <UnknownMessage key={parsed.data} actionId={parsed.data} /> : <NoSuchPage />;
      }}
    </Route>
    <Route path="/people" component={People} />
    <Route path="/people/import" component={ListImport} />
    <Route path="/system" component={System} />
    <Route component={NoSuchPage} />
  </Switch>
);

const Entrance = ({ desk }: { readonly desk: Desk }) => {
  const state = desk.session.value;
  useEffect(() => {
    void desk.askSession();
  }, [desk]);
  useEffect(() => {
    // Somebody may have signed in elsewhere while nobody looked at this tab.
    const again = (): void => {
      if (desk.isWatched() && desk.session.value.kind === 'signed_in') void desk.askSession();
    };
    document.addEventListener('visibilitychange', again);
    return () => document.removeEventListener('visibilitychange', again);
  }, [desk]);
  useEffect(
    () =>
      state.kind === 'unreachable' ? desk.timers.after(askAgainMs, () => void desk.askSession()) : undefined,
    [state],
  );
  switch (state.kind) {
    case 'asking':
      return <FullNotice kind="loading" title="Opening the desk…" />;
    case 'signed_out':
      return <SignedOut />;
    case 'unreachable':
      return (
        <main class="alone">
          <h1 class="visually-hidden">Outreach desk</h1>
          <BrokenScreen failure={state.failure} retryAt={null} onRetry={() => void desk.askSession()} />
        </main>
      );
    case 'signed_in':
      return (
        <Shell key={state.session.principal.name} session={state.session}>
          {desk.takenOverFrom.value === null ? (
            <Screens />
          ) : (
            <TakenOver
              before={desk.takenOverFrom.value}
              now={state.session.principal.name}
              onSeen={() => (desk.takenOverFrom.value = null)}
            />
          )}
        </Shell>
      );
  }
};

export const App = ({ desk }: { readonly desk: Desk }) => (
  <DeskContext.Provider value={desk}>
    <Router base="/sales">
      <Entrance desk={desk} />
    </Router>
  </DeskContext.Provider>
);
