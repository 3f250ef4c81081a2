import { createHash } from 'node:crypto';
import type { Response } from 'express';

/** The look of the pages that come before the desk, as a file of its own: nothing inline is allowed. */
const style = `:root{color-scheme:light dark;--paper:light-dark(#f5f4f0,#15171a);--sheet:light-dark(#fff,#1d2024);--ink:light-dark(#1c2024,#e8e6e1);--soft:light-dark(#555b63,#a6abb3);--edge:light-dark(#85888d,#747a83);--accent:light-dark(#0d5a68,#74c7d3);--on:light-dark(#fff,#06262c);--note:light-dark(#754600,#ecbd70);--note-soft:light-dark(#fbf0d9,#35290f)}
*{box-sizing:border-box}body{margin:0;min-height:100vh;display:grid;place-items:center;padding:1rem;background:var(--paper);color:var(--ink);font:1rem/1.5 system-ui,sans-serif}
main{width:100%;max-width:24rem;overflow-wrap:anywhere;padding:1.5rem;background:var(--sheet);border-radius:.5rem;box-shadow:0 1px 3px rgb(0 0 0/15%)}
.wide{max-width:60rem}details{padding:.5rem 0;border-top:1px solid var(--edge)}summary{cursor:pointer}
h1{margin:0 0 .75rem;font-size:1.375rem}p{margin:0 0 1rem}.soft{color:var(--soft);font-size:.875rem}
label{display:block;margin-bottom:.25rem}input[type=password]{width:100%;min-height:2.75rem;padding:.5rem .75rem;margin-bottom:1rem;font:inherit;color:inherit;background:var(--paper);border:1px solid var(--edge);border-radius:.375rem}
button{min-height:2.75rem;padding:.5rem 1.25rem;font:inherit;font-weight:600;color:var(--on);background:var(--accent);border:0;border-radius:.375rem;cursor:pointer}
a{color:var(--accent)}:focus-visible{outline:3px solid var(--accent);outline-offset:2px}.note{padding:.75rem;color:var(--note);background:var(--note-soft);border-radius:.375rem}`;

/** Named after its content, so that browsers may keep it. */
export const pageStyle = {
  name: `door-${createHash('sha256').update(style).digest('hex').slice(0, 12)}.css`,
  text: style,
} as const;

const entities: Readonly<Record<string, string>> = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '"': '&quot;',
  "'": '&#39;',
};

/** Text as it may stand between tags or inside a quoted attribute. */
export const escapeHtml = (text: string): string => text.replace(/[&<>"']/g, (sign) => entities[sign] ?? '');

/** A page of the door; `main` is HTML. */
export const pageOf = ({
  title,
  main,
  width = 'narrow',
}: {
  title: string;
  main: string;
  width?: 'narrow' | 'wide';
}): string => `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="robots" content="noindex">
<title>${escapeHtml(title)}</title>
<link rel="icon" href="data:,">
<link rel="stylesheet" href="/static/${pageStyle.name}">
</head>
<body>
<main class="${width}">
${main}
</main>
</body>
</html>
`;

/** Sends a page that nobody may keep. */
export const sendPage = (res: Response, status: number, html: string): void => {
  res.setHeader('Cache-Control', 'no-store');
  res.status(status).type('html').send(html);
};
