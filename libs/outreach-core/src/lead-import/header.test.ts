// Risk: a decoy column is taken for a company or address, or a real one is overlooked.
import { describe, expect, test } from '@jest/globals';
import { columnMappingOf, ignoredColumnsOf, recogniseHeader, withLaterColumns } from '../index.ts';

const taken = (header: string, overrides: Record<string, string> = {}): Record<string, string> =>
  Object.fromEntries(
    columnMappingOf(recogniseHeader(header.split(','), overrides).mapping).map(({ field, column }) => [
      field,
      column,
    ]),
  );

describe('headers', () => {
  test('Apollo, old and new, without its decoy', () => {
    const tail =
      'Email,Email Status,Seniority,# Employees,Industry,Person Linkedin Url,Website,City,Country,Annual Revenue,Apollo Contact Id';
    const rest = {
      ...{ firstName: 'First Name', lastName: 'Last Name', title: 'Title', email: 'Email' },
      ...{ emailStatus: 'Email Status', employees: '# Employees', industry: 'Industry' },
      ...{ linkedinUrl: 'Person Linkedin Url', companyDomain: 'Website', city: 'City', country: 'Country' },
      ...{ revenueUsd: 'Annual Revenue', externalId: 'Apollo Contact Id' },
    };
    for (const company of ['Company', 'Company Name']) {
      const header = `First Name,Last Name,Title,Company Name for Emails,${company},${tail}`;
      expect(taken(header)).toEqual({ ...rest, company });
      expect(ignoredColumnsOf(recogniseHeader(header.split(',')).mapping)).toEqual([
        'Company Name for Emails',
        'Seniority',
      ]);
    }
  });

  test('a decoy is not taken even when nothing else claims its field', () => {
    expect(taken('Email,Company Name for Emails,Secondary Email,Company Linkedin Url,Company City')).toEqual({
      email: 'Email',
    });
    expect(recogniseHeader(['Secondary Email', 'Company Linkedin Url']).isHeader).toBe(false);
  });

  test('HubSpot, LinkedIn connections and Clay', () => {
    expect(taken('Record ID,First Name,Last Name,Email,Job Title,Company Name,Country/Region')).toEqual({
      ...{ externalId: 'Record ID', firstName: 'First Name', lastName: 'Last Name', email: 'Email' },
      ...{ title: 'Job Title', company: 'Company Name', country: 'Country/Region' },
    });
    expect(taken('First Name,Last Name,URL,Email Address,Company,Position,Connected On')).toEqual({
      ...{ firstName: 'First Name', lastName: 'Last Name', linkedinUrl: 'URL', email: 'Email Address' },
      ...{ company: 'Company', title: 'Position' },
    });
    expect(taken('Full Name,Job Title,Company Domain,LinkedIn Profile,Work Email')).toEqual({
      ...{ fullName: 'Full Name', title: 'Job Title', companyDomain: 'Company Domain' },
      ...{ linkedinUrl: 'LinkedIn Profile', email: 'Work Email' },
    });
  });

  test('case, spaces and punctuation do not matter; of two claims the better alias, then the first column, wins', () => {
    expect(taken(' E-MAIL ,first_name,lastName,JOB  title')).toEqual({
      ...{ email: 'E-MAIL', firstName: 'first_name', lastName: 'lastName', title: 'JOB  title' },
    });
    const mapping = recogniseHeader(['Title', 'Work Email', 'Email', 'Job Title', 'email', '']).mapping;
    expect(columnMappingOf(mapping)).toEqual([
      { field: 'email', column: 'Email', how: 'alias' },
      { field: 'title', column: 'Job Title', how: 'alias' },
    ]);
    expect(mapping.fields.get('email')?.index).toBe(2);
    expect(ignoredColumnsOf(mapping)).toEqual(['Title', 'Work Email', 'email', 'column 6']);
  });

  test('an override wins, frees the alias column, and may take a decoy on purpose', () => {
    const overrides = { email: 'work email', company: 'Company Name for Emails', title: 'Email' };
    expect(taken('Email,Work Email,Company Name for Emails,Company', overrides)).toEqual({
      ...{ email: 'Work Email', company: 'Company Name for Emails', title: 'Email' },
    });
  });

  test.each([
    [{ mail: 'Email' }, 'map_field_unknown', 'Use one of: email'],
    [{ email: 'Mailbox' }, 'map_header_unknown', 'Its columns are: Email, Title'],
    [{ email: 'Title', title: 'Title' }, 'map_header_twice', 'one column of its own'],
  ])('override %j is refused as %s', (overrides, code, fix) => {
    const [problem] = recogniseHeader(['Email', 'Title'], overrides).problems;
    expect(problem?.code).toBe(code);
    expect(problem?.fix).toContain(fix);
  });

  test('preamble and data rows are no header', () => {
    for (const row of [['Notes:'], [''], [], ['Ada', 'Byrne', 'ada@acme.example'], ['First Name', 'Company']])
      expect(recogniseHeader(row).isHeader).toBe(false);
  });

  test('later columns only feed fields that nothing feeds', () => {
    const mapping = withLaterColumns(recogniseHeader(['work_email', 'name']).mapping, [
      'email',
      'title',
      'other',
    ]);
    expect(columnMappingOf(mapping).map(({ field, column }) => [field, column])).toEqual([
      ['email', 'work_email'],
      ['fullName', 'name'],
      ['title', 'title'],
    ]);
    expect(ignoredColumnsOf(mapping)).toEqual(['email', 'other']);
    const overridden = recogniseHeader(['linkedin', 'email'], { externalId: 'email' }).mapping;
    expect(columnMappingOf(withLaterColumns(overridden, ['title'])).map(({ field }) => field)).toEqual([
      'title',
      'linkedinUrl',
      'externalId',
    ]);
  });
});
