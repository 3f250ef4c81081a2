import type { CopyPack } from '@caio/contracts';

/** One thing wrong with a copy pack: where (`templates[2].claims`), why, and what to do about it. */
export interface PackProblem {
  readonly code: string;
  readonly path: string;
  readonly reason: string;
  readonly fix: string;
}

const duplicatesOf = (ids: readonly string[]): readonly string[] => [
  ...new Set(ids.filter((id, index) => ids.indexOf(id) !== index)),
];

const duplicateIds = (pack: CopyPack): PackProblem[] =>
  (['templates', 'claims', 'audiences', 'industries'] as const).flatMap((list) =>
    duplicatesOf(pack[list].map(({ id }) => id)).map((id) => ({
      code: 'duplicate_id',
      path: list,
      reason: `two entries are called "${id}"`,
      fix: 'Give each entry its own id.',
    })),
  );

const unknownReferences = (pack: CopyPack): PackProblem[] =>
  pack.templates.flatMap((template, index) => {
    const lists = [
      { field: 'audiences', known: pack.audiences, list: 'audiences' },
      { field: 'industries', known: pack.industries, list: 'industries' },
      { field: 'claims', known: pack.claims, list: 'claims' },
    ] as const;
    return lists.flatMap(({ field, known, list }) =>
      template[field]
        .filter((id) => !known.some((entry) => entry.id === id))
        .map((id) => ({
          code: 'unknown_reference',
          path: `templates[${String(index)}].${field}`,
          reason: `template "${template.id}" names "${id}", which is not among the pack's ${list}`,
          fix: `Add "${id}" to ${list} or correct the name.`,
        })),
    );
  });

const senderProblems = (pack: CopyPack): PackProblem[] => {
  const defaults = pack.senders.filter((sender) => sender.default).length;
  const doubles = duplicatesOf(pack.senders.map(({ email }) => email.toLowerCase()));
  return [
    ...(defaults === 1
      ? []
      : [
          {
            code: 'default_sender',
            path: 'senders',
            reason: `${String(defaults)} senders are marked as default; exactly one is needed`,
            fix: 'Set "default": true on one sender.',
          },
        ]),
    ...doubles.map(() => ({
      code: 'duplicate_id',
      path: 'senders',
      reason: 'two senders have the same e-mail address',
      fix: 'Keep one of them: one mailbox is one person.',
    })),
  ];
};

/** What the schema cannot see: ids used twice, names that lead nowhere, no single default sender. */
export const referenceProblems = (pack: CopyPack): PackProblem[] => [
  ...duplicateIds(pack),
  ...unknownReferences(pack),
  ...senderProblems(pack),
];

/** Names reserved for documentation and tests. Source: RFC 2606, RFC 6761. */
const reservedName =
  /(?:^|[^a-z0-9-])(?:example\.(?:com|net|org|edu)|(?:[a-z0-9-]+\.)*[a-z0-9-]+\.(?:example|test|invalid|localhost)|localhost)(?![a-z0-9-]|\.[a-z0-9])/i;

/**
 * Made-up values that must not reach a real recipient: example domains in senders, links and the postal
 * address. For the environments that send in earnest.
 */
export const exampleValueProblems = (pack: CopyPack): PackProblem[] => {
  const facts = [
    { path: 'company.website', value: pack.company.website },
    { path: 'company.postalAddress', value: pack.company.postalAddress },
    { path: 'bookingUrl', value: pack.bookingUrl },
    ...pack.senders.map(({ email }, index) => ({ path: `senders[${String(index)}].email`, value: email })),
  ];
  const texts = [
    { path: 'footer', value: pack.footer },
    ...pack.templates.map(({ body }, index) => ({ path: `templates[${String(index)}].body`, value: body })),
  ];
  // In prose "an example" is a word; in an address it is a placeholder.
  const found = [
    ...facts.filter(({ value }) => reservedName.test(value) || /\bexample\b/i.test(value)),
    ...texts.filter(({ value }) => reservedName.test(value)),
  ];
  return found.map(({ path }) => ({
    code: 'example_value',
    path,
    reason: 'this is an example value; it may be used on a local machine only',
    fix: 'Put the real value in, or load the pack of the real company.',
  }));
};
