import { FullNotice } from '../../parts/full-notice.tsx';
import { loginAddress } from '../../desk/session.ts';

/** Nobody is signed in. Says so, instead of showing a queue that looks empty. */
export const SignedOut = () => (
  <main class="alone">
    <h1 class="visually-hidden">Outreach desk</h1>
    <FullNotice kind="signed-out" title="You are signed out">
      <p>
        Your session ended, or the token it was made with was replaced. Drafts and batches are as you left
        them, and what you began to write is kept in this tab.
      </p>
      <p>
        <a class="button button-primary" href={loginAddress(window.location.pathname)}>
          Sign in
        </a>
      </p>
    </FullNotice>
  </main>
);
