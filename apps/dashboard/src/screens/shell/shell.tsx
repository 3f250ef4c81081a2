import type { SessionAnswer } from '@caio/contracts';
import type { ComponentChildren } from 'preact';
import { useEffect } from 'preact/hooks';
import { Link, useRoute } from 'wouter-preact';
import { useDesk } from '../../desk/desk.ts';
import { knownValue } from '../../desk/known-value.ts';
import { StopButton } from '../stop/stop-button.tsx';
import { StopNotice } from '../stop/stop-notice.tsx';
import { DeliveryStrip } from './delivery-strip.tsx';
import { Person } from './person.tsx';
import { useToastEnds } from './toast-ends.ts';
import { ToastList } from './toast-list.tsx';

const Tab = (props: {
  readonly to: string;
  readonly also?: string;
  readonly count?: number | undefined;
  readonly children: string;
}) => {
  const [exact] = useRoute(props.to);
  const [below] = useRoute(`${props.also ?? props.to}/*`);
  return (
    <Link href={props.to} class="tab" aria-current={exact || below ? 'page' : undefined}>
      {props.children}
      {props.count === undefined || props.count === 0 ? null : <span class="count">{props.count}</span>}
    </Link>
  );
};

/** What every screen has: where it all goes, who one is, the way to the others, and the stop. */
export const Shell = ({
  session,
  children,
}: {
  readonly session: SessionAnswer;
  readonly children: ComponentChildren;
}) => {
  const desk = useDesk();
  useEffect(() => {
    void desk.status.refresh();
  }, [desk]);
  useToastEnds();
  const status = knownValue(desk.status.state.value);
  return (
    <div class="shell">
      <a class="skip" href="#main">
        Skip to the page
      </a>
      <header class="top">
        <p class="brand">
          Outreach desk <span class="environment">{session.environment}</span>
        </p>
        <nav class="tabs" aria-label="Pages">
          <Tab to="/" also="/review" count={status?.drafts['pending']}>
            Review
          </Tab>
          <Tab to="/batches" count={status?.drafts['approved']}>
            Batches
          </Tab>
          <Tab to="/receipts">Receipts</Tab>
          {status === null || status.unknown.count === 0 ? null : (
            <Tab to="/unknown" count={status.unknown.count}>
              Unknown
            </Tab>
          )}
          <Tab to="/people">People</Tab>
          <Tab to="/system">System</Tab>
        </nav>
        <div class="top-end">
          <Person session={session} />
          <StopButton halt={status?.halt ?? null} />
        </div>
      </header>
      <DeliveryStrip state={desk.status.state.value} />
      {status === null ? null : <StopNotice halt={status.halt} />}
      <main id="main" tabIndex={-1}>
        {children}
      </main>
      <footer class="foot">
        <span>Version {session.version}</span>
        {status === null ? null : (
          <>
            <span>Policy {status.policyVersion}</span>
            <span>Copy pack {status.copyPackVersion}</span>
          </>
        )}
      </footer>
      <ToastList />
    </div>
  );
};
