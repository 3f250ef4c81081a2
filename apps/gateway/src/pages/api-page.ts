import type { RouteDescription } from '@caio/contracts';
import { escapeHtml, pageOf } from './page.ts';

const doorWords = ({ door }: RouteDescription): string => {
  switch (door.kind) {
    case 'permission':
      return `permission ${door.permission}`;
    case 'credential':
      return 'any credential';
    case 'open':
      return 'open to anybody';
    case 'link':
      return 'open to whoever holds the link';
    case 'signature':
      return 'open to whoever signs as Inngest';
    case 'service':
      return 'services only';
  }
};

const entry = (route: RouteDescription): string => {
  const facts = [
    doorWords(route),
    `answers ${route.answers.map(({ status }) => status).join(', ')}`,
    ...(route.refusals.length === 0 ? [] : [`refuses with ${route.refusals.join(', ')}`]),
  ];
  return `<details><summary><code>${route.method} ${escapeHtml(route.path)}</code></summary>
<p>${escapeHtml(route.summary)}</p>
<p class="soft">${escapeHtml(facts.join(' · '))}</p></details>`;
};

/** Every public address on one page; the schemas are in /openapi.json. */
export const apiPage = (routes: readonly RouteDescription[]): string =>
  pageOf({
    title: 'API',
    width: 'wide',
    main: `<h1>API</h1>
<p>Requests, answers and refusals with their schemas: <a href="/openapi.json">/openapi.json</a>. Send your token in the <code>X-Dashboard-Token</code> header.</p>
${routes
  .filter(({ door }) => door.kind !== 'service')
  .map(entry)
  .join('\n')}`,
  });
