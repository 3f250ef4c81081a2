import type { AuditVerdict, RampEvidence } from '@caio/contracts';

/** One day with the verdict on the audit it was read from: what is signed. */
export interface EvidencePack {
  readonly evidence: RampEvidence;
  readonly audit: AuditVerdict;
  readonly writtenAt: string;
}

interface Section {
  readonly title: string;
  readonly head: readonly string[];
  readonly rows: readonly (readonly string[])[];
  readonly empty: string;
}

const dayWords: Readonly<Record<RampEvidence['day']['status'], string>> = {
  clean: 'clean',
  not_clean: 'not clean',
  missed: 'missed: nothing left, so it neither counts nor takes anything back',
  open: 'not over yet',
};

/** Each number with its source, each list in full as far as the answer holds it. */
const sectionsOf = ({ evidence, audit }: EvidencePack): Section[] => [
  {
    title: 'Figures',
    head: ['what', 'number', 'source'],
    rows: evidence.figures.map(({ name, value, source }) => [name, String(value), source]),
    empty: 'None.',
  },
  {
    title: 'Caps',
    head: ['cap', 'used', 'at most', 'source'],
    rows: evidence.caps.map(({ name, used, max, source }) => [name, String(used), String(max), source]),
    empty: 'None.',
  },
  {
    title: 'Batches approved',
    head: ['batch', 'preview hash', 'by', 'at'],
    rows: evidence.batches.map(({ batchId, previewHash, approvedBy, approvedAt }) => [
      ...[batchId, previewHash ?? '–', approvedBy, approvedAt],
    ]),
    empty: 'No batch was approved that day.',
  },
  {
    title: 'Drafts decided about',
    head: ['by', 'approved', 'rejected'],
    rows: evidence.reviewers.map(({ by, approved, rejected }) => [by, String(approved), String(rejected)]),
    empty: 'No draft was decided about that day.',
  },
  {
    title: 'Stops',
    head: ['at', 'by', 'what', 'code'],
    rows: evidence.halts.map(({ at, by, what, code }) => [at, by, what, code === '' ? '–' : code]),
    empty: 'Nothing was stopped or lifted that day.',
  },
  {
    title: 'Alarms',
    head: ['at', 'about', 'code'],
    rows: evidence.alarms.map(({ at, ref, code }) => [at, ref, code]),
    empty: 'None.',
  },
  {
    title: `Sends (${evidence.sends.length} of ${evidence.sendsTotal})`,
    head: ['at', 'action', 'batch', 'person (pseudonym)', 'became'],
    rows: evidence.sends.map(({ at, actionId, batchId, who, outcome }) => [
      ...[at, actionId, batchId, who.slice(0, 16), outcome],
    ]),
    empty: 'Nothing was sent for real that day.',
  },
  {
    title: 'Audit',
    head: ['what', 'value', 'source'],
    rows: [
      ['verdict', audit.ok ? 'PASS' : 'FAIL', 'GET /api/audit/verify'],
      ['head', audit.head === '' ? '(empty)' : audit.head, 'GET /api/audit/verify'],
      ['rows that hold', `${audit.sealed} of ${audit.rows}`, 'GET /api/audit/verify'],
      ...(audit.firstBroken === null
        ? []
        : [
            [
              'first broken row',
              `${audit.firstBroken.id} (${audit.firstBroken.why})`,
              'GET /api/audit/verify',
            ],
          ]),
      ...audit.problems.map(({ why, message }) => [why, message, 'GET /api/audit/verify']),
      [
        'rows of this day',
        `${evidence.rows.count}: ${evidence.rows.first ?? '–'} to ${evidence.rows.last ?? '–'}`,
        'the audit stream',
      ],
    ],
    empty: 'None.',
  },
];

const verdictOf = ({ evidence }: EvidencePack): string =>
  [
    dayWords[evidence.day.status],
    evidence.day.reasons.length === 0 ? '' : ` (${evidence.day.reasons.join(', ')})`,
  ].join('');

const lines = ({ evidence, writtenAt }: EvidencePack): (readonly [string, string])[] => [
  ['environment', evidence.environment],
  ['day', `${evidence.day.facts.day}, ${evidence.from} to ${evidence.to} (${evidence.timezone})`],
  ['policy', evidence.policyVersion],
  ['ramp when this was written', evidence.stage],
  ['written', writtenAt],
];

const cell = (text: string): string =>
  text.replaceAll('\\', '\\\\').replaceAll('|', '\\|').replaceAll(/\s+/g, ' ');

/** The page as Markdown. */
export const evidenceMarkdown = (pack: EvidencePack): string =>
  [
    `# Sending on ${pack.evidence.day.facts.day}: ${verdictOf(pack)}`,
    lines(pack)
      .map(([name, value]) => `- ${name}: ${cell(value)}`)
      .join('\n'),
    ...sectionsOf(pack).map(({ title, head, rows, empty }) =>
      [
        `## ${title}`,
        rows.length === 0
          ? empty
          : [head, head.map(() => '---'), ...rows]
              .map((row) => `| ${row.map(cell).join(' | ')} |`)
              .join('\n'),
      ].join('\n\n'),
    ),
    '## Signed\n\n| head of sales | operator | date |\n| --- | --- | --- |\n|  |  |  |',
  ].join('\n\n') + '\n';

const escaped = (text: string): string =>
  text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;').replaceAll('"', '&quot;');

const style = `
  @page { size: A4; margin: 14mm; }
  body { font: 10px/1.35 system-ui, sans-serif; margin: 0 auto; max-width: 190mm; color: #111; }
  h1 { font-size: 18px; margin: 0 0 6px; } h2 { font-size: 12px; margin: 12px 0 4px; }
  table { border-collapse: collapse; width: 100%; } th, td { border: 1px solid #bbb; padding: 2px 4px; text-align: left; }
  td { overflow-wrap: anywhere; } th { background: #eee; } p { margin: 2px 0; } .sign td { height: 14mm; }
  tr { break-inside: avoid; }`;

/** The page as HTML that prints on paper; it loads nothing. */
export const evidenceHtml = (pack: EvidencePack): string => {
  const row = (tag: 'th' | 'td', cells: readonly string[]): string =>
    `<tr>${cells.map((text) => `<${tag}>${escaped(text)}</${tag}>`).join('')}</tr>`;
  const table = ({ head, rows }: Section): string =>
    `<table>${row('th', head)}${rows.map((cells) => row('td', cells)).join('')}</table>`;
  const title = `Sending on ${pack.evidence.day.facts.day}: ${verdictOf(pack)}`;
  return `<!doctype html>
<html lang="en"><head><meta charset="utf-8"><title>${escaped(title)}</title><style>${style}</style></head><body>
<h1>${escaped(title)}</h1>
${lines(pack)
  .map(([name, value]) => `<p>${escaped(name)}: ${escaped(value)}</p>`)
  .join('\n')}
${sectionsOf(pack)
  .map(
    (section) =>
      `<h2>${escaped(section.title)}</h2>${section.rows.length === 0 ? `<p>${escaped(section.empty)}</p>` : table(section)}`,
  )
  .join('\n')}
<h2>Signed</h2><table class="sign">${row('th', ['head of sales', 'operator', 'date'])}${row('td', ['', '', ''])}</table>
</body></html>
`;
};
