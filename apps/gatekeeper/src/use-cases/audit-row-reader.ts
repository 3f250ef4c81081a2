import type { AuditLog } from '@caio/state-store';

const rowsPerRead = 1_000;

/** Reads pages ahead and hands out one row after another. */
export const createRowReader = (audit: AuditLog, afterId: string) => {
  let rows: Awaited<ReturnType<AuditLog['rawRowsAfter']>> = [];
  let place = 0;
  let lastId = afterId;
  return {
    next: async () => {
      if (place >= rows.length) {
        rows = await audit.rawRowsAfter(lastId, rowsPerRead);
        place = 0;
      }
      const row = rows[place];
      place += 1;
      lastId = row?.id ?? lastId;
      return row;
    },
  };
};
export type RowReader = ReturnType<typeof createRowReader>;
export type ReadRow = NonNullable<Awaited<ReturnType<RowReader['next']>>>;
