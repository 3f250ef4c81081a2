/** The provider's log and the ledger agree: every action once, with the approved content, none lost. */
export const compareWithProvider = (
  approved: readonly { actionId: string; contentDigest: string }[],
  log: readonly { actionId: string | null; contentDigest: string | null }[],
): { lost: string[]; duplicated: string[]; unapproved: string[] } => {
  const wanted = new Map(approved.map((action) => [action.actionId, action.contentDigest]));
  const seen = new Map<string, number>();
  const unapproved: string[] = [];
  for (const { actionId, contentDigest } of log) {
    const id = actionId ?? '(none)';
    seen.set(id, (seen.get(id) ?? 0) + 1);
    if (wanted.get(id) !== contentDigest) unapproved.push(id);
  }
  return {
    lost: [...wanted.keys()].filter((id) => !seen.has(id)),
    duplicated: [...seen].filter(([, count]) => count > 1).map(([id]) => id),
    unapproved,
  };
};
