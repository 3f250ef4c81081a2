const ids = /^(?:drf|bat|act|exe|run)_[0-9A-Z]{26}$/;
const commands = new Set([
  'activate',
  'approve',
  'edit',
  'events',
  'evidence',
  'execute',
  'intake-answers',
  'lift',
  'pause',
  'preview',
  'recall',
  'receipts',
  'reject',
  'remove-campaigns',
  'revoke',
  'rows',
  'runs',
  'take-back',
  'verify',
  'withdraw',
]);

/** A path as a trace may show it: no query, and only words and ids of ours; anything else came from a caller. */
export const tracedPath = (path: string): string =>
  (path.split('?')[0] ?? '')
    .split('/')
    .map((part, index) => {
      const known =
        index === 1 || (index === 2 && path.startsWith('/api/')) || ids.test(part) || commands.has(part);
      return known ? part : '…';
    })
    .join('/')
    .replace(/^…/, '');
