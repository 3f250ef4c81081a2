import { escapeHtml, pageOf } from './page.ts';

/** A page that says one thing and where to go from there. */
export const messagePage = (page: {
  title: string;
  message: string;
  link: { href: string; words: string };
}): string =>
  pageOf({
    title: page.title,
    main: `<h1>${escapeHtml(page.title)}</h1>
<p role="alert">${escapeHtml(page.message)}</p>
<p><a href="${escapeHtml(page.link.href)}">${escapeHtml(page.link.words)}</a></p>`,
  });
