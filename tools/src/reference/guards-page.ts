import { guardRules } from '@caio/outreach-core';
import { code, madeFrom, page, table } from './markdown.ts';

/** docs/guards.md: what is asked of every text before a reviewer sees it. */
export const describeGuards = (): string =>
  page(
    '# Guards',
    madeFrom('libs/outreach-core/src/guards/guard-rules.ts'),
    'Every draft, whoever wrote it, is judged by all of these rules before a reviewer sees it. A draft that breaks one is parked: it is kept, it is shown by `caio drafts list --status parked`, and nothing sends it. An edit is judged again by all of them.',
    '"Tag" is the rejection tag a reviewer would choose for the same fault.',
    table(
      ['Rule', 'What it asks', 'What to change', 'Tag'],
      guardRules.map(({ id, title, change, tag }) => [code(id), title, change, code(tag)]),
    ),
    `The last two end a draft before there is a text: ${code('no_template')} and ${code('recipient_unreachable')} are answers of the import, and no draft is kept for them.`,
    'Which words are banned, how long a text may be and which links are ours is data of the company: `config/copy-pack/<company>/pack.json`.',
  );
