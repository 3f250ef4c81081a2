import { escapeHtml, pageOf } from './page.ts';

/** The form that asks for a token; `note` says why it is shown again. */
export const loginPage = ({ next, note }: { next: string; note: string | null }): string =>
  pageOf({
    title: 'Login',
    main: `<h1>Login</h1>
${note === null ? '' : `<p class="note" role="alert">${escapeHtml(note)}</p>\n`}<form method="post" action="/login">
<input type="hidden" name="next" value="${escapeHtml(next)}">
<label for="token">Your access token</label>
<input type="password" id="token" name="token" autocomplete="current-password" required autofocus>
<button type="submit">Log in</button>
</form>
<p class="soft">What you decide is recorded under the name that belongs to the token.</p>`,
  });
