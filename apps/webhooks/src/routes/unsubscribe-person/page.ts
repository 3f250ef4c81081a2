import { createHash } from 'node:crypto';

const style = `
body { font: 1.125rem/1.5 system-ui, sans-serif; max-width: 32rem; margin: 15vh auto; padding: 0 1.25rem; color: #1a1a1a; background: #fff; }
button { font: inherit; padding: .6rem 1.2rem; border: 0; border-radius: .4rem; background: #0b5; color: #000; cursor: pointer; }
button:focus-visible { outline: 3px solid #036; outline-offset: 2px; }
@media (prefers-color-scheme: dark) { body { color: #eee; background: #161616; } }
`;

/** What a page of ours may do in a browser: show itself in its own style and post its form back, nothing else. */
export const pagePolicy = [
  "default-src 'none'",
  `style-src 'sha256-${createHash('sha256').update(style).digest('base64')}'`,
  "form-action 'self'",
  "base-uri 'none'",
  "frame-ancestors 'none'",
].join('; ');

/** The pages a recipient sees. No script, no tracking, no address of theirs; short words. */
const page = (title: string, body: string): string => `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="robots" content="noindex">
<title>${title}</title>
<style>${style}</style>
</head>
<body>
<h1>${title}</h1>
${body}
</body>
</html>
`;

const button = (label: string): string =>
  `<form method="post"><button type="submit">${label}</button></form>`;

export const confirmPage = (): string =>
  page(
    'Stop these messages?',
    `<p>Press the button and we will not write to you again, on any channel.</p>${button('Stop all messages')}`,
  );

export const donePage = (): string =>
  page(
    'Done',
    '<p>We will not write to you again. If a message is already on its way, it is the last one.</p>',
  );

export const unknownPage = (): string =>
  page(
    'This link does not work',
    '<p>It is incomplete or very old. Open the newest message from us and use the link in it, or simply reply and say stop.</p>',
  );

export const laterPage = (): string =>
  page(
    'Not stored yet',
    `<p>We could not store your wish just now, so you may still hear from us. Please press the button again in a minute.</p>${button('Stop all messages')}`,
  );
