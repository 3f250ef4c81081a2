import type { EmailStatus, Lead, Range, RowProblem } from '@caio/contracts';
import { emailKeyOf } from '../identity/email-key.ts';
import { linkedinKeyOf, linkedinUrlOf } from '../identity/linkedin-key.ts';
import { readCount, readMoney } from './amount.ts';
import type { AmountReading } from './amount.ts';
import { cellText, excerptOf } from './cell-text.ts';
import type { CellKind } from './cell-text.ts';
import { readCompanyDomain } from './company-domain.ts';
import { readEmailStatus } from './email-status.ts';
import type { HeaderMapping } from './header.ts';
import type { LeadColumn } from './lead-columns.ts';
import { splitName } from './person-name.ts';

/**
 * `ok` rows may still carry problems: cells that could not be read, whose field is null. A row is bad when
 * nobody can be identified by it; `email` is its address when that much was readable.
 */
export type LeadReading =
  | { ok: true; lead: Lead; problems: RowProblem[] }
  | { ok: false; email: string | null; problems: RowProblem[] };

const textLengthMax = 500;

/** What Apollo writes for an address it has not been paid to show. */
const lockedAddress = /^email_not_unlocked@/i;

const nobody = 'the row has neither an e-mail address nor a LinkedIn profile';

interface RowReader {
  cellOf(field: LeadColumn): string | undefined;
  report(field: LeadColumn, reason: string): void;
  textOf(field: LeadColumn, kind: CellKind): string | null;
}

const rowReaderOf = (cells: readonly string[], mapping: HeaderMapping, problems: RowProblem[]): RowReader => {
  const cellOf = (field: LeadColumn): string | undefined => {
    const found = mapping.fields.get(field);
    return found === undefined ? undefined : (cells[found.index] ?? '');
  };
  const report = (field: LeadColumn, reason: string): void => {
    const column = mapping.fields.get(field)?.column ?? field;
    problems.push({ column, value: excerptOf(cellOf(field) ?? ''), reason });
  };
  const textOf = (field: LeadColumn, kind: CellKind): string | null => {
    const text = cellText(cellOf(field), kind);
    if (text === null || text.length <= textLengthMax) return text;
    report(field, `the text is over ${textLengthMax} characters`);
    return null;
  };
  return { cellOf, report, textOf };
};

type Identity = { ok: true; email: string | null; linkedinUrl: string | null } | { ok: false };

const readIdentity = (row: RowReader): Identity => {
  const typed = cellText(row.cellOf('email'), 'other');
  const emailText = typed !== null && lockedAddress.test(typed) ? null : typed;
  const email = emailText === null ? null : emailKeyOf(row.cellOf('email') ?? '');
  const profile = cellText(row.cellOf('linkedinUrl'), 'other');
  const linkedinKey = profile === null ? null : linkedinKeyOf(profile);
  if (profile !== null && linkedinKey === null)
    row.report('linkedinUrl', 'this is not the address of a personal LinkedIn profile');
  if (email?.ok === false) {
    row.report('email', email.reason);
    return { ok: false };
  }
  if (email === null && linkedinKey === null) {
    if (profile === null) row.report(row.cellOf('email') === undefined ? 'linkedinUrl' : 'email', nobody);
    return { ok: false };
  }
  const linkedinUrl = linkedinKey === null ? null : linkedinUrlOf(linkedinKey);
  return { ok: true, email: email?.address ?? null, linkedinUrl };
};

const readNames = (row: RowReader): Pick<Lead, 'firstName' | 'lastName' | 'fullName'> => {
  const first = row.textOf('firstName', 'first_name');
  const last = row.textOf('lastName', 'last_name');
  const full = row.textOf('fullName', 'first_name');
  const split = full === null || (first !== null && last !== null) ? null : splitName(full);
  const firstName = first ?? split?.firstName ?? null;
  const lastName = last ?? split?.lastName ?? null;
  const joined = [firstName, lastName].filter((part) => part !== null).join(' ');
  const isUsable = joined !== '' && joined.length <= textLengthMax;
  return { firstName, lastName, fullName: full ?? (isUsable ? joined : null) };
};

const readRange = (
  row: RowReader,
  field: LeadColumn,
  read: (cell: string | undefined) => AmountReading,
): Range | null => {
  const reading = read(row.cellOf(field));
  if (reading.ok) return reading.range;
  row.report(field, reading.reason);
  return null;
};

const readStatus = (row: RowReader, email: string | null): EmailStatus => {
  if (email === null) return 'unknown';
  const { status, reason } = readEmailStatus(row.cellOf('emailStatus'), row.cellOf('emailCatchAll'));
  if (reason !== null) row.report('emailStatus', reason);
  return status;
};

const readDomain = (row: RowReader): string | null => {
  const text = row.textOf('companyDomain', 'other');
  const reading = text === null ? null : readCompanyDomain(text);
  if (reading?.ok === false) row.report('companyDomain', reading.reason);
  return reading?.ok === true ? reading.domain : null;
};

const widthProblemOf = (cells: readonly string[], { columns }: HeaderMapping): RowProblem | null => {
  const surplus = cells[columns.length];
  const missing = columns[cells.length];
  const reason = `the row has ${cells.length} columns, the header has ${columns.length}`;
  if (surplus !== undefined)
    return { column: `column ${columns.length + 1}`, value: excerptOf(surplus), reason };
  return missing === undefined ? null : { column: missing, value: '', reason };
};

/**
 * Reads one row of cells by a file's mapping. An invalid e-mail address, no way to name the person, or a
 * row of another width than the header makes a bad row; any other unreadable cell is a problem and null.
 */
export const readLead = (cells: readonly string[], mapping: HeaderMapping): LeadReading => {
  const problems: RowProblem[] = [];
  const row = rowReaderOf(cells, mapping, problems);
  const widthProblem = widthProblemOf(cells, mapping);
  if (widthProblem !== null) {
    const email = emailKeyOf(row.cellOf('email') ?? '');
    return { ok: false, email: email.ok ? email.address : null, problems: [widthProblem] };
  }
  const identity = readIdentity(row);
  if (!identity.ok) return { ok: false, email: null, problems };
  const lead: Lead = {
    email: identity.email,
    emailStatus: readStatus(row, identity.email),
    ...readNames(row),
    title: row.textOf('title', 'other'),
    company: row.textOf('company', 'other'),
    companyDomain: readDomain(row),
    industry: row.textOf('industry', 'other'),
    employees: readRange(row, 'employees', readCount),
    revenueUsd: readRange(row, 'revenueUsd', readMoney),
    linkedinUrl: identity.linkedinUrl,
    city: row.textOf('city', 'other'),
    country: row.textOf('country', 'other'),
    externalId: row.textOf('externalId', 'other'),
  };
  return { ok: true, lead, problems };
};
