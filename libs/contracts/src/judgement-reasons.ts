/**
 * Every reason code a judgement can carry and the sentence a person reads for it, side by side so that one
 * cannot say more than the other. `{0}`, `{1}` stand for what the pattern captured.
 */
const catalogue: readonly { readonly pattern: RegExp; readonly sentence: string }[] = [
  { pattern: /^size_below_min$/, sentence: 'The company is certainly smaller than the smallest we contact.' },
  { pattern: /^size_above_max$/, sentence: 'The company is certainly larger than the largest we contact.' },
  { pattern: /^revenue_below_min$/, sentence: 'The company certainly earns less than the least we contact.' },
  { pattern: /^revenue_above_max$/, sentence: 'The company certainly earns more than the most we contact.' },
  {
    pattern: /^never_contact_(.+)_by_(industry|company|title|domain)$/,
    sentence: 'Never contacted: {0}, told by the {1}.',
  },
  { pattern: /^free_mail$/, sentence: 'The address is at a free mail host, not at a company.' },
  { pattern: /^disposable_mail$/, sentence: 'The address is at a throw-away mail host.' },
  { pattern: /^role_mailbox$/, sentence: 'The address is a mailbox of a function, not of a person.' },
  { pattern: /^email_domain_mismatch$/, sentence: 'The address is not at the company’s domain.' },
  { pattern: /^person_left_company$/, sentence: 'The title says that the person no longer holds the role.' },
  { pattern: /^missing_email$/, sentence: 'There is no e-mail address.' },
  { pattern: /^email_invalid$/, sentence: 'The e-mail address is not a valid one.' },
  { pattern: /^email_unverified$/, sentence: 'The e-mail address has not been verified.' },
  { pattern: /^email_catch_all$/, sentence: 'The mail host accepts any address, so this one is unproven.' },
  { pattern: /^email_status_unknown$/, sentence: 'Nothing is known about whether the address works.' },
  { pattern: /^title_unknown$/, sentence: 'The title is missing or names no rank we know.' },
  { pattern: /^title_field_unknown$/, sentence: 'The title names a rank but not the field of work.' },
  { pattern: /^industry_unknown$/, sentence: 'The industry is not known.' },
  { pattern: /^title_rank_(.+)$/, sentence: 'Rank read from the title: {0}.' },
  { pattern: /^title_function_(.+)$/, sentence: 'Field of work read from the title: {0}.' },
  { pattern: /^title_modifier_(.+)$/, sentence: 'The title adds: {0}.' },
  { pattern: /^title_group_(.+)_(\d+)$/, sentence: 'Title group {0}: {1} points.' },
  { pattern: /^title_not_in_icp$/, sentence: 'No title group fits: 0 points.' },
  { pattern: /^size_(\d+)_(\d+)_(\d+)$/, sentence: 'Company of {0} to {1} people: {2} points.' },
  { pattern: /^size_(\d+)_up_(\d+)$/, sentence: 'Company of {0} people or more: {1} points.' },
  { pattern: /^size_unknown_0$/, sentence: 'The company’s size is not known: 0 points.' },
  { pattern: /^size_in_no_band_0$/, sentence: 'The company’s size may lie outside every band: 0 points.' },
  { pattern: /^industry_group_(.+)_(\d+)$/, sentence: 'Industry group {0}: {1} points.' },
  { pattern: /^industry_several_groups$/, sentence: 'The industry fits several groups; the lowest counts.' },
  { pattern: /^industry_not_in_icp$/, sentence: 'No industry group fits: 0 points.' },
  { pattern: /^multiplier_(\d+)$/, sentence: 'Points count at {0} percent for this title and industry.' },
  { pattern: /^score_tier_(\d)$/, sentence: 'The score earns tier {0}.' },
  { pattern: /^ceiling_title_tier_(\d)$/, sentence: 'The title allows tier {0} at best.' },
  { pattern: /^ceiling_industry_tier_(\d)$/, sentence: 'The industry allows tier {0} at best.' },
  { pattern: /^ceiling_(.+)_tier_(\d)$/, sentence: 'A role held as {0} allows tier {1} at best.' },
  { pattern: /^size_outside_tier_(\d)$/, sentence: 'The company’s size is certainly outside tier {0}.' },
  {
    pattern: /^revenue_outside_tier_(\d)$/,
    sentence: 'The company’s revenue is certainly outside tier {0}.',
  },
  {
    pattern: /^decided_by_score$/,
    sentence: 'The score decided: it is lower than what the document allows.',
  },
  { pattern: /^decided_by_ceiling$/, sentence: 'The document decided: it allows less than the score earns.' },
  { pattern: /^decided_by_both$/, sentence: 'Score and document agree.' },
  { pattern: /^below_score$/, sentence: 'The score is below the lowest tier.' },
  { pattern: /^outside_icp$/, sentence: 'The document has no tier for this title and industry.' },
];

/** The same table for a page: each code with `{0}`, `{1}` where it varies, in the order its reader meets them. */
export const judgementReasons: readonly { readonly code: string; readonly sentence: string }[] =
  catalogue.map(({ pattern, sentence }) => {
    let place = 0;
    const code = pattern.source.slice(1, -1).replace(/\([^)]*\)/g, () => `{${place++}}`);
    return { code, sentence };
  });

/** The sentence for one reason code, or null for a code no judgement emits. */
export const judgementSentenceOf = (code: string): string | null => {
  for (const { pattern, sentence } of catalogue) {
    const captured = pattern.exec(code)?.slice(1);
    if (captured === undefined) continue;
    return sentence.replace(/\{(\d)\}/g, (_, index: string) =>
      (captured[Number(index)] ?? '').replaceAll('_', ' '),
    );
  }
  return null;
};
